import { recordable } from './headers'
import { ownAnswer, type OwnError } from './own-errors'
import { openRecording } from './quiet-recording'
import type { Answer, BodyShare, Caller, Decision, Incoming, ProxyPorts, Recording } from './ports'

const noBody = new Uint8Array(0)

/** What is known of a call that we refuse. */
export interface Refused {
  readonly caller?: Caller
  readonly body?: Uint8Array
  readonly noAccount?: Decision
}

/** What every step of one exchange needs: its id, its clock, its door and its record. */
export interface OpenExchange {
  readonly requestId: string
  readonly incoming: Incoming
  readonly ports: ProxyPorts
  readonly host: string
  readonly receivedAtMs: number
  /** The memory that its body takes: given back when both the upstream and the journal have the body. */
  readonly bodyShare: BodyShare
  /** Milliseconds since the request line was read, on the monotonic clock. */
  elapsedMs(): number
  /** Opens the record of an accepted call. */
  record(caller: Caller, body: Uint8Array): Recording
  /** Answers with an error of our own and records the refusal. */
  refuse(error: OwnError, refused?: Refused): Answer
  /** Answers with an error of our own without a record: for when nothing can be recorded. */
  turnAway(error: OwnError): Answer
}

export function openExchange(incoming: Incoming, ports: ProxyPorts, host: string): OpenExchange {
  const requestId = ports.newRequestId()
  const receivedAtMs = ports.clock.now()
  const startedAt = ports.clock.monotonic()
  const bodyShare = ports.openBodyShare(incoming.signal)
  const elapsedMs = () => ports.clock.monotonic() - startedAt

  const record = (caller: Caller | null, body: Uint8Array) =>
    openRecording(ports, {
      requestId,
      receivedAtMs,
      caller,
      domain: caller?.domain ?? host,
      method: incoming.method,
      target: incoming.target,
      requestHeaders: recordable(incoming.headers),
      body,
    })

  const turnAway = (error: OwnError) => ownAnswer(error, requestId)

  const refuse = (error: OwnError, { caller, body = noBody, noAccount }: Refused = {}) => {
    const answer = turnAway(error)
    const recording = record(caller ?? null, body)
    if (answer.body instanceof Uint8Array) recording.chunk(answer.body)
    recording.end({
      outcome: 'rejected',
      status: error.status,
      accountId: null,
      ownErrorType: error.type,
      firstByteMs: null,
      durationMs: elapsedMs(),
      forwardedHeaders: [],
      responseHeaders: answer.headers,
      attempts: [],
      ...(noAccount && { noAccount: decisionOf(noAccount) }),
    })
    void recording.begun.then(() => bodyShare.release())
    return answer
  }
  return { requestId, incoming, ports, host, receivedAtMs, bodyShare, elapsedMs, record, refuse, turnAway }
}

/** Only the words of a decision, whatever else it came with: a choice holds a credential. */
export function decisionOf({ reason, skipped }: Decision): Decision {
  return skipped && skipped.length > 0 ? { reason, skipped } : { reason }
}
