import { hotPool } from '@/lib/db'
import { lagOfConcernMs } from '@/lib/recorder-lag'
import { getBootProblem } from './boot-state'
import { listProcesses } from './processes'
import { getRuntime, type Runtime } from './runtime'
import { sumRecord } from './sum-record'
import { productVersion } from './version'

async function isDatabaseConnected(): Promise<boolean> {
  try {
    await hotPool().query('SELECT 1')
    return true
  } catch {
    // The answer to the question is no.
    return false
  }
}

/** What /health says. Of this process: `degraded` still serves every client that was seen before, `unhealthy` turns calls away. */
export async function readHealth() {
  const runtime = getRuntime()
  const [isConnected, processes] = await Promise.all([isDatabaseConnected(), listProcesses()])
  const { pending, lagMs, journalBytes, journalShare } = sumRecord(processes)
  return {
    status: statusOf(runtime, isConnected),
    version: productVersion,
    uptime: Math.round(process.uptime()),
    timestamp: new Date().toISOString(),
    database: isConnected ? ('connected' as const) : ('disconnected' as const),
    // Of all processes: whoever asks one of them wants to know whether the record is whole.
    recorder: { pending, lagMs, journalBytes, journalShare },
  }
}

function statusOf(runtime: Runtime | null, isConnected: boolean): 'healthy' | 'degraded' | 'unhealthy' {
  if (!runtime || runtime.recorder.status().isFull) return 'unhealthy'
  const isBehind = runtime.recorder.status().lagMs > lagOfConcernMs
  return isConnected && !isBehind && !getBootProblem() ? 'healthy' : 'degraded'
}

/** Whether a load balancer should send new calls here. */
export async function readReadiness(): Promise<{ ready: boolean; reason?: string }> {
  const runtime = getRuntime()
  if (!runtime) return { ready: false, reason: 'starting' }
  if (runtime.phase !== 'serving') return { ready: false, reason: 'shutting down' }
  const problem = getBootProblem()
  return problem ? { ready: false, reason: problem } : { ready: true }
}
