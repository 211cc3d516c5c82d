import { setMaxListeners } from 'node:events'
import { authenticate } from '@/lib/clients/authenticate'
import { chooseAccount, reportAttempt } from '@/lib/accounts/choose-account'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import type { ExchangeBegin, NotAdmitted, ProxyPorts, Recording } from '@/lib/proxy/ports'
import type { Recorder } from '@/lib/recorder/recorder'
import { shared } from '@/lib/shared'
import { checkLimits, noteExchangeEnded, withAccountLimits } from '@/lib/usage/check-limits'
import { noteUpstreamLimits } from '@/lib/usage/upstream-limits'
import { BodyRoom, bodyRoomBytes } from './body-room'
import { clock } from './clock'
import { forward } from './forward'
import { logExchange } from './log-exchange'
import { metrics } from './metrics'
import { makeStrangerBudget } from './stranger-budget'

/** Everything that one process has exactly once. Made by boot(), used by both doors and by the pages. */
export interface Runtime {
  readonly ports: ProxyPorts
  readonly recorder: Recorder
  readonly bodyRoom: BodyRoom
  /** Exchanges whose last byte has not gone yet. */
  openExchanges: number
  /** Ends what still runs, at once: streams get an error event, their records say `interrupted`. */
  endExchanges(): void
  /** `leaving`: not ready any more, still serving. `draining`: new calls are turned away. */
  phase: 'serving' | 'leaving' | 'draining'
}

const holder = () => shared<{ runtime: Runtime | null }>('runtime', () => ({ runtime: null }))

/** null before boot() has finished. */
export function getRuntime(): Runtime | null {
  return holder().runtime
}

export function requireRuntime(): Runtime {
  const { runtime } = holder()
  if (!runtime) throw new Error('The runtime is used before boot() has finished.')
  return runtime
}

/** The one place where the core meets its rooms. */
export function composeRuntime(recorder: Recorder): Runtime {
  const variables = env()
  const strangers = makeStrangerBudget()
  const bodyRoom = new BodyRoom(bodyRoomBytes(variables.MAX_REQUEST_BYTES), clock)
  const ending = new AbortController()
  // Every running exchange listens.
  setMaxListeners(0, ending.signal)
  const runtime: Runtime = {
    recorder,
    bodyRoom,
    endExchanges: () => ending.abort(),
    openExchanges: 0,
    phase: 'serving',
    ports: {
      settings: {
        maxRequestBytes: variables.MAX_REQUEST_BYTES,
        upstreamTimeoutMs: variables.CLAUDE_API_TIMEOUT,
        stallTimeoutMs: variables.PROXY_SERVER_TIMEOUT,
        corsOrigins: variables.corsOrigins,
      },
      clock,
      ending: ending.signal,
      newRequestId: newId,
      admit: () => admit(runtime),
      authenticate,
      checkLimits,
      openBodyShare: (signal) => bodyRoom.open(signal),
      chooseAccount: withAccountLimits(chooseAccount),
      reportAttempt: (attempt, headers, asked) => {
        reportAttempt(attempt, headers, asked)
        if (attempt.accountId) noteUpstreamLimits(attempt.accountId, headers, Date.now())
      },
      forward,
      record: (begin) => (begin.caller || strangers.admits() ? recordCounted(runtime, begin) : countOnly()),
      reportFault: (error, requestId) => log().error({ error, requestId }, 'the proxy failed to handle a request'),
    },
  }
  holder().runtime = runtime
  return runtime
}

function admit(runtime: Runtime): NotAdmitted | null {
  const type = 'overloaded_error'
  if (runtime.phase === 'draining')
    return { type, message: 'The proxy is shutting down. Try again.', retryAfterSeconds: 1 }
  if (runtime.recorder.status().isFull) {
    return { type, message: 'The proxy cannot record more requests until its database is back.', retryAfterSeconds: 10 }
  }
  return null
}

function recordCounted(runtime: Runtime, begin: ExchangeBegin): Recording {
  const recording = runtime.recorder.record(begin)
  runtime.openExchanges += 1
  return {
    begun: recording.begun,
    chunk: (bytes) => recording.chunk(bytes),
    end: (end) => {
      runtime.openExchanges -= 1
      recording.end(end)
      noteExchangeEnded(begin, end)
      logExchange(begin, end)
      const [first] = end.attempts
      if (first) metrics().noteOverhead((first.startedAtMs - begin.receivedAtMs) / 1000)
    },
  }
}

/** Stands in for the record of a refused stranger over the budget. */
function countOnly(): Recording {
  metrics().noteUnrecorded()
  return unrecorded
}

const unrecorded: Recording = { begun: Promise.resolve(), chunk: () => undefined, end: () => undefined }
