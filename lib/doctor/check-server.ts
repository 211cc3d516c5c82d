import { formatBytes, formatDuration } from '@/lib/format'
import { lagOfConcernMs } from '@/lib/recorder-lag'
import { findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Server')

/** What /health says, as far as the doctor looks at it. */
export interface Health {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly version: string
  /** Seconds. */
  readonly uptime: number
  readonly database: 'connected' | 'disconnected'
  /** Of all processes. */
  readonly recorder: {
    readonly pending: number
    readonly lagMs: number
    readonly journalBytes: number
    readonly journalShare: number
  }
}

/** What the running server says of itself. Pure. */
export function checkServer(health: Health): Finding[] {
  const { recorder, version, uptime, status } = health
  const findings = [ok('server', `Version ${version}, up for ${formatDuration(uptime * 1000)}.`)]
  if (recorder.lagMs > lagOfConcernMs) {
    findings.push(
      warning({
        id: 'recorder-lag',
        says: `The recorder is ${formatDuration(recorder.lagMs)} behind: ${recorder.pending} requests wait in the journal.`,
        fix: 'See the findings of the database. What waits is written when it is back; nothing is lost meanwhile.',
      }),
    )
  }
  if (status === 'unhealthy') {
    findings.push(
      fault({
        id: 'turning-away',
        says: `The server turns calls away: its journal (${formatBytes(recorder.journalBytes)}) is full or cannot be written.`,
        fix: 'Bring the database back or make room on the disk of the data folder; raise JOURNAL_MAX_BYTES for longer outages.',
      }),
    )
  }
  return findings
}

/** When the doctor is called from a shell and the server cannot be asked. */
export function serverAbsent(port: number, isTaken: boolean): Finding[] {
  if (isTaken) {
    const says = `Port ${port} is used by another program: the server cannot start.`
    return [
      fault({
        id: 'port-taken',
        says,
        fix: `End that program (lsof -i :${port} names it), or set PORT to another one.`,
      }),
    ]
  }
  return [warning({ id: 'not-running', says: `Nothing listens on port ${port}.`, fix: 'Start the server: npm start' })]
}
