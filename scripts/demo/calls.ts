import type { HeaderList, Outcome } from '@/lib/proxy/ports'
import { buildJson, buildStream, type DemoAnswer } from './answers'
import type { Dice } from './dice'

export interface DemoCaller {
  readonly domain: string
  readonly domainId: string
  readonly clientKeyId: string
  readonly accountId: string
}

/** Where a session begins, and who leads it. */
export interface SessionStart {
  readonly caller: DemoCaller
  readonly atMs: number
}

/** One call of the demo: what was sent, what came back and when. */
export interface DemoCall {
  readonly caller: DemoCaller
  readonly atMs: number
  readonly target: string
  readonly requestHeaders: HeaderList
  readonly body: Buffer
  readonly status: number | null
  readonly outcome: Outcome
  readonly ownErrorType: string | null
  readonly responseHeaders: HeaderList
  readonly firstByteMs: number | null
  readonly pieces: readonly { readonly offsetMs: number; readonly bytes: Buffer }[]
  readonly durationMs: number
}

interface Sent {
  readonly caller: DemoCaller
  readonly atMs: number
  readonly headers: HeaderList
  readonly body: object
  /** The client goes away before the answer is complete. */
  readonly isLeft?: boolean
}

const target = '/v1/messages?beta=true'

/** A call that is answered by a message, streamed when asked for; the client may leave half-way. */
export function answeredCall(sent: Sent, answer: DemoAnswer, dice: Dice): DemoCall {
  const { caller, atMs, headers, body, isLeft = false } = sent
  const isStreaming = 'stream' in body && body.stream === true
  const all = isStreaming ? buildStream(answer, dice) : [buildJson(answer)]
  const hasLeft = isStreaming && isLeft && all.length > 8
  const kept = hasLeft ? all.slice(0, Math.floor(all.length / 2)) : all
  const firstByteMs = dice.skewed(isStreaming ? 900 : 2_400)
  let offsetMs = firstByteMs
  const pieces = kept.map((bytes) => ({ bytes, offsetMs: (offsetMs += dice.between(4, 60)) }))
  return {
    ...{ caller, atMs, target, firstByteMs, pieces },
    requestHeaders: headers,
    body: Buffer.from(JSON.stringify(body)),
    status: 200,
    outcome: hasLeft ? 'client_aborted' : 'completed',
    ownErrorType: null,
    responseHeaders: responseHeaders(isStreaming ? 'text/event-stream; charset=utf-8' : 'application/json', dice),
    durationMs: offsetMs + dice.between(2, 20),
  }
}

interface Fault {
  readonly status: number
  readonly type: string
  readonly message: string
}

export const overloaded: Fault = { status: 529, type: 'overloaded_error', message: 'Overloaded' }

const faults: readonly Fault[] = [
  {
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed your account’s rate limit. Please try again later.',
  },
  overloaded,
  overloaded,
  {
    status: 400,
    type: 'invalid_request_error',
    message: 'max_tokens: 200000 > 128000, which is the maximum allowed number of output tokens',
  },
  { status: 500, type: 'api_error', message: 'Internal server error' },
]

/** A call that the upstream refuses, or that nobody answers in time; `chosen` says how it refuses. */
export function failedCall(sent: Sent, dice: Dice, chosen?: Fault): DemoCall {
  const { caller, atMs, headers, body } = sent
  const common = { caller, atMs, target, requestHeaders: headers, body: Buffer.from(JSON.stringify(body)) }
  if (!chosen && dice.chance(0.12)) {
    const error = { type: 'error', error: { type: 'timeout_error', message: 'Request timed out after 600000ms' } }
    return {
      ...common,
      ...failure({ status: 504, outcome: 'timeout', error }, dice),
      ownErrorType: 'timeout_error',
      firstByteMs: 600_000,
      durationMs: 600_004,
    }
  }
  const { status, type, message } = chosen ?? dice.pick(faults)
  const error = { type: 'error', error: { type, message }, request_id: `req_011C${dice.hex(20)}` }
  const firstByteMs = dice.skewed(400)
  return {
    ...common,
    ...failure({ status, outcome: 'upstream_error', error }, dice),
    firstByteMs,
    durationMs: firstByteMs + 2,
  }
}

function failure({ status, outcome, error }: { status: number; outcome: Outcome; error: object }, dice: Dice) {
  const pieces = [{ offsetMs: 1, bytes: Buffer.from(JSON.stringify(error)) }]
  return {
    status,
    outcome,
    pieces,
    ownErrorType: null as string | null,
    responseHeaders: responseHeaders('application/json', dice),
  }
}

function responseHeaders(type: string, dice: Dice): HeaderList {
  return [
    ['content-type', type],
    ['request-id', `req_011C${dice.hex(20)}`],
    ['anthropic-organization-id', '0d5b6a0e-6f0f-4c5e-9a44-de3000000001'],
    ['anthropic-ratelimit-requests-limit', '4000'],
    ['anthropic-ratelimit-requests-remaining', String(dice.between(3_000, 3_999))],
  ]
}
