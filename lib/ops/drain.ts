import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { endLiveTails } from './live-tails'
import type { Runtime } from './runtime'

/**
 * Leaves without cutting a stream: first /health/ready says no while calls are still served (so that load
 * balancers notice), then new calls are turned away while running ones finish, at most DRAIN_TIMEOUT_MS.
 */
export async function drain(server: Server, runtime: Runtime): Promise<void> {
  runtime.phase = 'leaving'
  log().info({ openExchanges: runtime.openExchanges }, 'shutting down')
  await delay(env().DRAIN_DELAY_MS)
  runtime.phase = 'draining'
  endLiveTails()
  const deadline = Date.now() + env().DRAIN_TIMEOUT_MS
  while (runtime.openExchanges > 0 && Date.now() < deadline) await delay(25)
  if (runtime.openExchanges > 0)
    log().warn({ openExchanges: runtime.openExchanges }, 'ending exchanges that outlasted the drain')
  server.close()
  server.closeIdleConnections()
  // What is left now is idle, or outlasted the drain: its record says client_aborted or interrupted.
  server.closeAllConnections()
}
