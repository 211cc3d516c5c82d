import { callerForDomain } from '@/lib/clients/authenticate'
import { decodeBody } from '@/lib/claude/decode-body'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { handleExchange } from '@/lib/proxy/handle-exchange'
import { getHeader } from '@/lib/proxy/headers'
import type { Answer, Caller, HeaderList, Incoming } from '@/lib/proxy/ports'
import { loadBody, loadExchangeDetail } from '@/lib/recorder/load-body'
import { getRequest, type RecordedRequest } from '@/lib/requests/get-request'
import { withModel } from '@/lib/requests/with-model'
import { requireRuntime } from './runtime'

interface ReplayQuestion {
  readonly requestId: string
  /** null = the model it was sent with. */
  readonly model: string | null
}

interface Replay {
  /** The new request; it can be looked at once its answer is complete. */
  readonly requestId: string
  readonly status: number
}

/** For the record; no header of ours goes upstream. */
const replayHeader = 'x-nexus-replay-of'
/** Only these have no effect but their answer. */
const replayable = new Set(['/v1/messages', '/v1/messages/count_tokens'])
/** Of one connection, secret, or said anew. */
const left =
  /^(?:host|content-length|content-encoding|authorization|x-api-key|cookie|idempotency-key|forwarded|x-real-ip|x-forwarded-.*|x-nexus-.*)$/i

/**
 * Sends a recorded request again, on the proxy's own way: limits, choice of account, journal, record. It counts
 * against its domain, belongs to no client key and to no conversation, and is recorded as a replay.
 */
export async function replayRequest({ requestId, model }: ReplayQuestion): Promise<Replay> {
  const facts = await getRequest(requestId)
  if (!facts) throw new AppError('not-found', 'There is no such request.')
  const { body, headers, target } = await loadCall(facts, model)
  const caller = await callerForDomain(facts.domain)
  if (!caller) throw new AppError('conflict', 'The domain of this request does not exist any more.')
  const answer = await sendAs({ ...caller, replayOf: requestId }, { method: 'POST', target, headers, body: once(body) })
  void readToEnd(answer)
  return { requestId: getHeader(answer.headers, 'x-nexus-request-id') ?? '', status: answer.status }
}

async function loadCall({ requestId, method, path }: RecordedRequest, model: string | null) {
  if (method !== 'POST' || !replayable.has(path))
    throw new AppError('invalid-request', 'Only messages and token counts can be sent again.')
  const [kept, detail] = await Promise.all([loadBody(requestId, 'request'), loadExchangeDetail(requestId)])
  if (!kept || !detail) throw new AppError('conflict', 'What was sent is not there any more.')
  const { bytes, isDecoded } = decodeBody(kept.bytes, getHeader(detail.receivedHeaders, 'content-encoding') ?? null)
  if (!isDecoded) throw new AppError('conflict', 'The body is compressed in a way that cannot be read here.')
  const sent = model === null ? bytes : Buffer.from(withModel(Buffer.from(bytes).toString('utf8'), model))
  const headers: HeaderList = [
    ...detail.receivedHeaders.filter(([name]) => !left.test(name)),
    [replayHeader, requestId],
  ]
  return { body: sent, headers, target: detail.target }
}

/** The proxy's own story of a request; only who calls is known already. */
function sendAs(caller: Caller, call: Omit<Incoming, 'signal'>): Promise<Answer> {
  const ports = { ...requireRuntime().ports, authenticate: async () => caller }
  return handleExchange({ ...call, signal: new AbortController().signal }, ports)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Nobody listens to the answer, but only a read answer is recorded to its end. */
async function readToEnd({ body }: Answer): Promise<void> {
  if (body === null || body instanceof Uint8Array) return
  try {
    for await (const _chunk of body);
  } catch (error) {
    log().debug({ error }, 'the answer to a replay broke off; its record says so')
  }
}
