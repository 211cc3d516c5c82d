import { env } from '@/lib/env'
import type { JournalState } from '@/lib/retention/query-storage'
import { getRuntime } from './runtime'

/** null before boot() has finished. */
export function readJournalState(): JournalState | null {
  const status = getRuntime()?.recorder.status()
  if (!status) return null
  const { journalBytes, journalFailures, isFull, pending, lagMs, droppedBodies, quarantined } = status
  const { JOURNAL_MAX_BYTES: maxBytes, JOURNAL_FULL_POLICY: fullPolicy } = env()
  const counted = { failures: journalFailures, droppedBodies, quarantined }
  return { bytes: journalBytes, maxBytes, fullPolicy, isFull, pending, lagMs, ...counted }
}
