import { errorBody } from '@/lib/claude/error-body'
import { EventTail } from './event-tail'
import { getHeader, returnable } from './headers'
import type { OpenExchange } from './open-exchange'
import { ownAnswer, ownErrors, type OwnError } from './own-errors'
import type { Answer, HeaderList, Outcome, Recording, UpstreamAnswer } from './ports'
import type { Tried } from './try-accounts'

interface Parts {
  readonly tried: Tried
  readonly recording: Recording
  readonly release: () => void
}

/** Turns what the upstream gave into the client's answer, and closes the record when the last byte has gone. */
export function relay(exchange: OpenExchange, parts: Parts): Answer {
  const { answer, failure } = parts.tried
  if (answer) return relayAnswer(exchange, { ...parts, answer })
  return answerFailure(exchange, parts, failure ?? 'unreachable')
}

function answerFailure(exchange: OpenExchange, parts: Parts, failure: NonNullable<Tried['failure']>): Answer {
  const { recording, release, tried } = parts
  const error = ownErrorOf(exchange, failure)
  const outcome: Outcome = failure === 'unreachable' ? 'upstream_error' : failure
  const answer = ownAnswer(error, exchange.requestId)
  const isSent = failure !== 'client_aborted'
  if (isSent) recording.chunk(answer.body)
  recording.end({
    outcome,
    status: isSent ? error.status : null,
    accountId: tried.account.accountId,
    ownErrorType: isSent ? error.type : null,
    firstByteMs: null,
    durationMs: exchange.elapsedMs(),
    forwardedHeaders: tried.forwardedHeaders,
    responseHeaders: isSent ? answer.headers : [],
    attempts: tried.attempts,
    ...(tried.noAccount && { noAccount: tried.noAccount }),
  })
  release()
  return answer
}

function ownErrorOf({ ports }: OpenExchange, failure: NonNullable<Tried['failure']>): OwnError {
  if (failure === 'interrupted') return ownErrors.shuttingDown()
  return failure === 'timeout' ? ownErrors.timeout(ports.settings.upstreamTimeoutMs) : ownErrors.unreachable()
}

function relayAnswer(exchange: OpenExchange, parts: Parts & { readonly answer: UpstreamAnswer }): Answer {
  const headers = clientHeaders(parts.answer.headers, exchange.requestId)
  let cut = () => {}
  return {
    status: parts.answer.status,
    headers,
    whenCut: (listener) => (cut = listener),
    body: relayBody(exchange, { ...parts, headers, cut: () => cut() }),
  }
}

function clientHeaders(upstream: HeaderList, requestId: string): HeaderList {
  const headers = returnable(upstream).filter(([name]) => name.toLowerCase() !== 'x-nexus-request-id')
  const isStream = isEventStream(headers)
  return [
    ...(isStream
      ? headers.filter(([name]) => !['cache-control', 'x-accel-buffering'].includes(name.toLowerCase()))
      : headers),
    ['x-nexus-request-id', requestId],
    ...(isStream
      ? ([
          ['cache-control', 'no-cache, no-transform'],
          ['x-accel-buffering', 'no'],
        ] as const)
      : []),
  ]
}

interface RelayParts extends Parts {
  readonly answer: UpstreamAnswer
  readonly headers: HeaderList
  /** Has the door cut the connection. */
  readonly cut: () => void
}

/** Why a relay ends before the upstream does. */
interface Ending {
  readonly outcome: Outcome
  readonly type: string
  readonly message: string
}

const endings = {
  lost: { outcome: 'upstream_error', type: 'api_error', message: 'The connection to the Claude API was lost.' },
  stalled: { outcome: 'timeout', type: 'timeout_error', message: 'The connection to the Claude API was lost.' },
  leaving: { outcome: 'interrupted', type: 'api_error', message: 'The proxy is shutting down. Try again.' },
} as const satisfies Record<string, Ending>

/**
 * The relayed bytes. Pull-driven, so a slow client slows the upstream read. Ends in one of five ways, each
 * recorded once: the upstream's end, the client's leave, the upstream's loss, a stall, our own end.
 */
async function* relayBody(exchange: OpenExchange, parts: RelayParts): AsyncGenerator<Uint8Array> {
  const { answer, recording, tried } = parts
  const { incoming, ports } = exchange
  const tail = new EventTail()
  let firstByteMs: number | null = null
  let isClientReading = true
  let ending: Ending = endings.lost
  const finish = onlyOnce((outcome: Outcome, ownErrorType: string | null) => {
    stall.cancel()
    ports.ending.removeEventListener('abort', leave)
    recording.end({ ...endOf(parts), outcome, ownErrorType, firstByteMs, durationMs: exchange.elapsedMs() })
    parts.release()
  })
  const giveUp = (why: Ending) => {
    ending = why
    tried.abort()
    if (isClientReading) return
    // The generator sleeps in its yield: only the door can end this exchange.
    finish(why.outcome, why.type)
    parts.cut()
  }
  const leave = () => giveUp(endings.leaving)
  const stall = ports.clock.timer(ports.settings.stallTimeoutMs, () => giveUp(endings.stalled))
  ports.ending.addEventListener('abort', leave, { once: true })
  if (ports.ending.aborted) leave()
  try {
    for await (const chunk of answer.body) {
      firstByteMs ??= exchange.elapsedMs()
      recording.chunk(chunk)
      tail.add(chunk)
      isClientReading = false
      stall.refresh()
      yield chunk
      isClientReading = true
      stall.refresh()
    }
    finish(answer.status < 400 ? 'completed' : 'upstream_error', null)
  } catch (error) {
    if (incoming.signal.aborted) return
    const farewell = tail.isBetweenEvents ? farewellEvent(answer, ending, exchange.requestId) : null
    if (farewell) recording.chunk(farewell)
    finish(ending.outcome, ending.type)
    if (farewell) yield farewell
    throw error
  } finally {
    // Reached without an outcome only when the door stopped iterating: the client has gone.
    if (finish('client_aborted', null)) tried.abort()
  }
}

function endOf({ tried, answer, headers }: RelayParts) {
  return {
    status: answer.status,
    accountId: tried.account.accountId,
    forwardedHeaders: tried.forwardedHeaders,
    responseHeaders: headers,
    attempts: tried.attempts,
    ...(tried.noAccount && { noAccount: tried.noAccount }),
  }
}

/**
 * A stream must not look finished when its upstream was lost: an SSE error event, then an unclean close. After half an
 * event the close alone says it, as when Claude is lost without us: an event of ours would make the half one count, and
 * clients report its broken JSON.
 */
function farewellEvent(answer: UpstreamAnswer, { type, message }: Ending, requestId: string): Uint8Array | null {
  if (!isPlainEventStream(answer.headers)) return null
  const body = new TextDecoder().decode(errorBody(type, message, requestId))
  return new TextEncoder().encode(`event: error\ndata: ${body}\n\n`)
}

/** Server-sent events that can be continued with an event of ours: known type, no content coding. */
function isPlainEventStream(headers: HeaderList): boolean {
  const coding = getHeader(headers, 'content-encoding')
  return isEventStream(headers) && (coding === undefined || coding.toLowerCase() === 'identity')
}

function isEventStream(headers: HeaderList): boolean {
  return (getHeader(headers, 'content-type') ?? '').toLowerCase().startsWith('text/event-stream')
}

/** Runs the first time only; tells whether it ran. */
function onlyOnce<A extends unknown[]>(run: (...values: A) => void): (...values: A) => boolean {
  let isDone = false
  return (...values) => {
    if (isDone) return false
    isDone = true
    run(...values)
    return true
  }
}
