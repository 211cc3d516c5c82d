import { hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import packageFile from '@/package.json'
import { getBootProblem } from './boot-state'
import { getRuntime, type Runtime } from './runtime'

/** The version of this build. */
export const productVersion: string = packageFile.version

async function isDatabaseConnected(): Promise<boolean> {
  try {
    await hotPool().query('SELECT 1')
    return true
  } catch {
    // The answer to the question is no.
    return false
  }
}

/** What /health says: `degraded` still serves every client that was seen before, `unhealthy` turns calls away. */
export async function readHealth() {
  const runtime = getRuntime()
  const isConnected = await isDatabaseConnected()
  const recorder = runtime?.recorder.status()
  return {
    status: statusOf(runtime, isConnected),
    version: productVersion,
    uptime: Math.round(process.uptime()),
    timestamp: new Date().toISOString(),
    database: isConnected ? ('connected' as const) : ('disconnected' as const),
    recorder: {
      pending: recorder?.pending ?? 0,
      lagMs: recorder?.lagMs ?? 0,
      journalBytes: recorder?.journalBytes ?? 0,
      journalShare: (recorder?.journalBytes ?? 0) / env().JOURNAL_MAX_BYTES,
    },
  }
}

const lagOfConcernMs = 60_000

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
