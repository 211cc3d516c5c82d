import { formatDuration, formatExact, formatPercent } from '@/lib/format'

/** What GET /health answers, as far as the shell looks at it. */
export interface Health {
  status: 'healthy' | 'degraded' | 'unhealthy'
  version: string
  database: 'connected' | 'disconnected'
  /** `journalShare`: of what the journal may take, 0 to 1. */
  recorder: { pending: number; lagMs: number; journalBytes: number; journalShare: number }
}

export interface Shown {
  state: 'ok' | 'warn' | 'danger' | 'off'
  /** Beside the dot. */
  label: string
  /** For the banner; null = nothing to say. */
  warning: string | null
}

const lagOfConcernMs = 60_000
const shareOfConcern = 0.5

/** `null` = the server did not answer, `undefined` = not asked yet. Pure. */
export function describeHealth(health: Health | null | undefined): Shown {
  if (health === undefined) return { state: 'off', label: 'Checking', warning: null }
  if (health === null)
    return { state: 'danger', label: 'Offline', warning: 'The server does not answer. What you see may be old.' }
  const { recorder } = health
  if (health.database === 'disconnected') {
    return {
      state: 'danger',
      label: 'Database down',
      warning: `The database is not reachable. Known clients are still served; ${pending(recorder.pending)} in the journal.`,
    }
  }
  if (recorder.journalShare >= shareOfConcern) {
    return {
      state: health.status === 'unhealthy' ? 'danger' : 'warn',
      label: 'Journal filling',
      warning: `The journal is ${formatPercent(Math.min(recorder.journalShare, 1))} full (${pending(recorder.pending)}). When it is full, calls are turned away or recorded without content.`,
    }
  }
  if (recorder.lagMs > lagOfConcernMs) {
    const behind = formatDuration(recorder.lagMs)
    return {
      state: 'warn',
      label: 'Recorder behind',
      warning: `The recorder is ${behind} behind (${pending(recorder.pending)}). New requests will appear when it has caught up.`,
    }
  }
  if (health.status === 'unhealthy')
    return { state: 'danger', label: 'Unhealthy', warning: 'The proxy is turning calls away. The server log says why.' }
  if (health.status === 'degraded')
    return { state: 'warn', label: 'Degraded', warning: 'The server is not fully up. The server log says why.' }
  return { state: 'ok', label: 'Recording', warning: null }
}

function pending(count: number): string {
  return `${formatExact(count)} ${count === 1 ? 'request waits' : 'requests wait'}`
}
