import { decodeBody } from '@/lib/claude/decode-body'
import { parseJson } from '@/lib/claude/json'
import { readResponseFacts } from '@/lib/claude/response-facts'
import { queryRows } from '@/lib/dashboard-query'
import { env } from '@/lib/env'
import { isAppError } from '@/lib/errors'
import { maskSecrets } from '@/lib/log'
import type { Attempt, Decision, HeaderList } from '@/lib/proxy/ports'
import type { Arrival } from '@/lib/recorder/exchange'
import type { ExchangeDetail } from '@/lib/recorder/exchange-detail'
import { headerOf } from '@/lib/recorder/header-of'
import { loadBody, loadExchangeDetail, type LoadedBody } from '@/lib/recorder/load-body'
import type { RecordedRequest } from './get-request'
import { loadAccountNames } from './load-account-names'

/**
 * `kept`: it is there · `empty`: there was none · `expired`: retention took it · `erased`: a person deleted it ·
 * `not_captured`: the domain keeps no content, or storing was off · `dropped`: there was no room · `too_large`: only as
 * raw bytes · `unreadable`: stored, but not with the key at hand · `not_permitted`: the reader may not see it.
 */
export type ContentState =
  'kept' | 'empty' | 'expired' | 'erased' | 'not_captured' | 'dropped' | 'too_large' | 'unreadable' | 'not_permitted'

export interface ContentSide {
  readonly state: ContentState
  /** Parsed JSON, the assembled message of a stream, or text; null when `state` is not `kept`. */
  readonly body: unknown
  readonly contentType: string | null
  readonly sha256: string | null
}

export type Headers = Readonly<Record<string, string>>

/** What was said: bodies, headers, and how the exchange went. */
export interface RequestContent {
  readonly request: ContentSide
  readonly response: ContentSide
  /** Path and query as the client sent them. */
  readonly target: string | null
  readonly requestHeaders: Headers | null
  readonly forwardedHeaders: Headers | null
  readonly responseHeaders: Headers | null
  readonly attempts: readonly Attempt[] | null
  /** Why no account, or no further one, was asked. */
  readonly noAccount: Decision | null
  readonly arrivals: readonly Arrival[] | null
  /** Of those asked and passed over, by their ids. */
  readonly accountNames: Readonly<Record<string, string>>
}

/** Larger bodies would freeze the page that draws them. */
const mostDrawnBytes = 8 * 1024 * 1024

export async function loadContent(facts: RecordedRequest): Promise<RequestContent> {
  const detail = await loadExchangeDetail(facts.requestId).catch(nullWhenUnreadable)
  const absence = detail ? null : await absenceOf(facts.requestId)
  const loader = { facts, detail, absence }
  const [request, response] = await Promise.all([loadSide(loader, 'request'), loadSide(loader, 'response')])
  return {
    request,
    response,
    target: detail?.target ?? null,
    requestHeaders: detail && headersOf(detail.receivedHeaders),
    forwardedHeaders: detail && headersOf(detail.forwardedHeaders),
    responseHeaders: detail && headersOf(detail.responseHeaders),
    ...(await timesOf(detail)),
  }
}

/** How the exchange went. */
const timesOf = async (detail: ExchangeDetail | null) => ({
  attempts: detail?.attempts ?? null,
  noAccount: detail?.noAccount ?? null,
  arrivals: detail?.arrivals ?? null,
  accountNames: await loadAccountNames(detail),
})

/** What a reader without the right to see content gets: how the exchange went, not what was said. */
export async function loadTimings({ requestId }: RecordedRequest): Promise<RequestContent> {
  const detail = await loadExchangeDetail(requestId).catch(nullWhenUnreadable)
  const hidden: ContentSide = { state: 'not_permitted', body: null, contentType: null, sha256: null }
  return {
    ...{ request: hidden, response: hidden, target: null },
    ...{ requestHeaders: null, forwardedHeaders: null, responseHeaders: null },
    ...(await timesOf(detail)),
  }
}

interface Loader {
  readonly facts: RecordedRequest
  readonly detail: ExchangeDetail | null
  readonly absence: ContentState | null
}

async function loadSide({ facts, detail, absence }: Loader, side: 'request' | 'response'): Promise<ContentSide> {
  const nothing = { body: null, contentType: null, sha256: null }
  const bytes = side === 'request' ? facts.requestBytes : facts.responseBytes
  if (bytes === 0) return { ...nothing, state: 'empty' }
  if (bytes > mostDrawnBytes) return { ...nothing, state: 'too_large' }
  try {
    const loaded = await loadBody(facts.requestId, side)
    if (!loaded) return { ...nothing, state: absentState(detail, side) ?? absence ?? 'not_captured' }
    const { contentType, sha256 } = loaded
    return {
      state: 'kept',
      body: side === 'request' ? readRequest(loaded, detail) : readResponse(loaded, { facts, detail }),
      contentType,
      sha256,
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { ...nothing, state: 'unreadable' }
  }
}

function absentState(detail: ExchangeDetail | null, side: 'request' | 'response'): ContentState | null {
  const drop = side === 'request' ? detail?.requestDrop : detail?.responseDrop
  return drop ? 'dropped' : null
}

interface Absence {
  readonly isStored: boolean
  readonly isErased: boolean
  readonly isExpired: boolean
}

/** Why there is no content: retention took it, a person deleted it, or it was never kept. */
async function absenceOf(requestId: string): Promise<ContentState> {
  const [found] = await queryRows<Absence>(
    `SELECT EXISTS (SELECT FROM request_bodies WHERE request_id = $1) AS "isStored",
       coalesce(greatest(d.bodies_erased_at, c.bodies_erased_at) >= r.created_at, false) AS "isErased",
       coalesce(r.created_at < now() - make_interval(days => least(
           nullif(coalesce(d.body_days, $2::int), 0), nullif(coalesce(d.row_days, $2::int), 0))), false)
         OR coalesce((SELECT request_id FROM request_bodies ORDER BY request_id LIMIT 1) > $1::uuid, false) AS "isExpired"
     FROM api_requests r LEFT JOIN domains d ON d.id = r.domain_id
       LEFT JOIN conversations c ON c.conversation_id = r.conversation_id
     WHERE r.request_id = $1`,
    [requestId, env().RETENTION_DAYS],
  )
  if (!found || found.isStored) return 'not_captured'
  if (found.isErased) return 'erased'
  return found.isExpired ? 'expired' : 'not_captured'
}

function readRequest({ bytes }: LoadedBody, detail: ExchangeDetail | null): unknown {
  return readText(decodeBody(bytes, detail && headerOf(detail.receivedHeaders, 'content-encoding')).bytes)
}

function readResponse(
  { bytes, contentType }: LoadedBody,
  { facts, detail }: Pick<Loader, 'facts' | 'detail'>,
): unknown {
  const contentEncoding = detail && headerOf(detail.responseHeaders, 'content-encoding')
  const { message, isStream } = readResponseFacts({ status: facts.status, contentType, contentEncoding, bytes })
  return isStream && message ? message : readText(decodeBody(bytes, contentEncoding).bytes)
}

/** JSON where it is, else text. */
function readText(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  return parseJson(text) ?? text
}

const secretHeader = /^(?:authorization|proxy-authorization|x-api-key|x-dashboard-key|cookie|set-cookie)$/i

/** Headers by name, repeated ones joined. Secrets are out of the record already; what looks like one is masked again. */
function headersOf(headers: HeaderList): Headers {
  const byName = new Map<string, string>()
  for (const [name, value] of headers) {
    const shown = secretHeader.test(name) ? '[removed]' : maskSecrets(value)
    const before = byName.get(name)
    byName.set(name, before === undefined ? shown : `${before}, ${shown}`)
  }
  return Object.fromEntries(byName)
}

function nullWhenUnreadable(error: unknown): null {
  if (isAppError(error)) return null
  throw error
}
