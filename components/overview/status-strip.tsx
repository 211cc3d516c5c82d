import { StatusPill, type Status } from '@/components/ui/status-pill'
import { formatBytes, formatDuration, formatExact, formatPercent } from '@/lib/format'
import { lagOfConcernMs } from '@/lib/recorder-lag'
import type { UpstreamErrors } from '@/lib/requests/query-upstream-errors'

export interface SystemState {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly version: string
  readonly uptimeSeconds: number
  readonly database: 'connected' | 'disconnected'
  readonly recorder: { readonly pending: number; readonly lagMs: number; readonly journalBytes: number }
  /** Of the last 15 minutes. */
  readonly upstream: UpstreamErrors
}

interface StatusFact {
  readonly name: string
  readonly status: Status
  readonly word: string
  readonly detail: string
}

const errorShareOfConcern = 0.05

/** The four facts of the strip. Pure. */
export function prepareStatus(state: SystemState): StatusFact[] {
  const { recorder, database } = state
  const isUp = state.status !== 'unhealthy'
  return [
    {
      name: 'Proxy',
      status: isUp ? 'ok' : 'danger',
      word: isUp ? 'serving' : 'turning calls away',
      detail: `version ${state.version}, up ${formatDuration(state.uptimeSeconds * 1000)}`,
    },
    {
      name: 'Database',
      status: database === 'connected' ? 'ok' : 'danger',
      word: database,
      detail: database === 'connected' ? '' : 'known clients are still served',
    },
    {
      name: 'Recorder',
      status: recorder.lagMs > lagOfConcernMs ? 'warn' : 'ok',
      word: recorder.pending === 0 ? 'up to date' : `${formatDuration(recorder.lagMs)} behind`,
      detail:
        recorder.pending === 0
          ? ''
          : `${formatExact(recorder.pending)} waiting, journal ${formatBytes(recorder.journalBytes)}`,
    },
    upstreamFact(state.upstream),
  ]
}

function upstreamFact({ forwarded, failed }: UpstreamErrors): StatusFact {
  if (forwarded === 0) return { name: 'Upstream', status: 'off', word: 'quiet', detail: 'no request in 15 min' }
  const share = failed / forwarded
  const status = failed === 0 ? 'ok' : share < errorShareOfConcern ? 'warn' : 'danger'
  const word = failed === 0 ? 'no errors' : `${formatPercent(share)} errors`
  return { name: 'Upstream', status, word, detail: `${formatExact(failed)} of ${formatExact(forwarded)} in 15 min` }
}

/** Is it healthy? In one line. */
export function StatusStrip({ state }: { state: SystemState }) {
  return (
    <ul aria-label="State of the system" className="mb-4 grid gap-2 sm:grid-cols-2 xl:grid-cols-4">
      {prepareStatus(state).map((fact) => (
        <li
          key={fact.name}
          className="flex min-w-0 flex-wrap content-start items-center gap-x-2 gap-y-1 rounded-card border border-line bg-panel px-3 py-2"
        >
          <span className="font-medium">{fact.name}</span>
          <StatusPill status={fact.status}>{fact.word}</StatusPill>
          <span className="truncate text-table text-muted numeric">{fact.detail}</span>
        </li>
      ))}
    </ul>
  )
}
