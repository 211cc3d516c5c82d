import { env } from '@/lib/env'
import type { JournalState } from '@/lib/retention/query-storage'
import { listProcesses } from './processes'
import { sumRecord } from './sum-record'

/** Of all processes together; null before boot() has finished. */
export async function readJournalState(): Promise<JournalState | null> {
  const processes = await listProcesses()
  if (processes.length === 0) return null
  const sum = (key: 'journalMaxBytes' | 'journalFailures' | 'droppedBodies' | 'quarantined') =>
    processes.reduce((total, { figures }) => total + figures[key], 0)
  const { journalBytes: bytes, pending, lagMs } = sumRecord(processes)
  return {
    processes: processes.length,
    bytes,
    maxBytes: sum('journalMaxBytes'),
    fullPolicy: env().JOURNAL_FULL_POLICY,
    isFull: processes.some(({ figures }) => figures.isFull),
    ...{ pending, lagMs },
    failures: sum('journalFailures'),
    droppedBodies: sum('droppedBodies'),
    quarantined: sum('quarantined'),
  }
}
