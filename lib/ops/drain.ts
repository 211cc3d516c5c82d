import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { endLiveTails } from './live-tails'
import type { Runtime } from './runtime'

/** For the last words of streams that are ended, and for sockets to close. */
const lastWordsMs = 1_000

/**
 * Leaves without cutting a stream: first /health/ready says no while calls are still served (so that load
 * balancers notice), then new calls are turned away while running ones finish, at most DRAIN_TIMEOUT_MS. What runs
 * on after that, or when `now` aborts, gets an error event.
 */
export async function drain(server: Server, runtime: Runtime, now: AbortSignal): Promise<void> {
  runtime.phase = 'leaving'
  log().info({ openExchanges: runtime.openExchanges }, 'shutting down')
  await delay(env().DRAIN_DELAY_MS, undefined, { signal: now }).catch(() => undefined)
  runtime.phase = 'draining'
  endLiveTails()
  const isIdle = () => runtime.openExchanges === 0
  await until(() => isIdle() || now.aborted, env().DRAIN_TIMEOUT_MS)
  if (!isIdle()) {
    log().warn({ openExchanges: runtime.openExchanges }, 'ending exchanges that outlasted the drain')
    runtime.endExchanges()
  }
  await close(server, isIdle)
}

/** Sockets that are busy may still be sending last words. */
async function close(server: Server, isIdle: () => boolean): Promise<void> {
  let isClosed = false
  server.close(() => (isClosed = true))
  const isOver = () => {
    server.closeIdleConnections()
    return isClosed && isIdle()
  }
  await until(isOver, lastWordsMs)
  server.closeAllConnections()
}

async function until(isOver: () => boolean, atMostMs: number): Promise<void> {
  const deadline = performance.now() + atMostMs
  while (!isOver() && performance.now() < deadline) await delay(25)
}
