import type { Status } from '@/components/ui/status-pill'

interface Outcome {
  readonly outcome: string
  readonly status: number | null
  readonly errorType: string | null
}

interface OutcomeLook {
  readonly status: Status
  readonly word: string
}

const words = new Map<string, OutcomeLook>([
  ['client_aborted', { status: 'paused', word: 'client left' }],
  ['timeout', { status: 'danger', word: 'timed out' }],
  ['interrupted', { status: 'warn', word: 'interrupted' }],
  ['rejected', { status: 'danger', word: 'refused' }],
  ['upstream_error', { status: 'danger', word: 'upstream error' }],
])

/** How a request ended, as a look and a word; the status code comes first where there is one. Pure. */
export function describeOutcome({ outcome, status }: Outcome): OutcomeLook {
  const look = words.get(outcome)
  if (outcome === 'completed')
    return { status: (status ?? 200) >= 400 ? 'danger' : 'ok', word: String(status ?? 'done') }
  if (!look) return { status: 'warn', word: outcome }
  return (status ?? 0) >= 400 ? { ...look, word: String(status) } : look
}
