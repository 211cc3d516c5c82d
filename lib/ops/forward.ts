import type { Readable } from 'node:stream'
import { Agent } from 'undici'
import { guardedAgentFor } from '@/lib/accounts/upstream-guard'
import type { UpstreamCall, UpstreamRequest } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { DispatchedCall } from './upstream-call'

/**
 * The connections to the upstream. Header and body timeouts are the core's (CLAUDE_API_TIMEOUT,
 * PROXY_SERVER_TIMEOUT): undici's own 300 s would cut long thinking. Redirects are never followed.
 */
const agent = () =>
  shared(
    'upstream-agent',
    () => new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 }, keepAliveTimeout: 30_000 }),
  )

/** Asks the upstream. The answer rejects when none came. */
export function forward(upstream: UpstreamRequest): UpstreamCall {
  const { origin, path } = splitUrl(upstream.url)
  const call = new DispatchedCall()
  try {
    // An account's own base URL is checked again for every connection; the operator's word is not.
    const dispatcher = guardedAgentFor(origin) ?? agent()
    dispatcher.dispatch({ origin, path, method: upstream.method as 'POST', ...framed(upstream) }, call)
  } catch (error) {
    // What cannot even begin has no answer either.
    call.fail(error as Error)
  }
  return call
}

function framed({ headers, body }: UpstreamRequest): { headers: string[]; body: Readable | null } {
  const lines = headers.flat() as string[]
  if (body.byteLength === 0) return { headers: lines, body: null }
  return { headers: [...lines, 'content-length', String(body.byteLength)], body: handedOver(body) }
}

/**
 * Given away instead of lent: undici keeps what it got until the answer has ended, and a long answer would keep every
 * large request in memory. It takes any iterable, though its types do not say so.
 */
function handedOver(body: Uint8Array): Readable {
  let left: Uint8Array | null = body
  const next = (): IteratorResult<Uint8Array, undefined> => {
    const value = left
    left = null
    return value ? { value, done: false } : { value: undefined, done: true }
  }
  return { [Symbol.iterator]: () => ({ next }) } as unknown as Readable
}

/** Cut, not parsed: the URL class would re-encode characters of the client's path and query. */
function splitUrl(url: string): { origin: string; path: string } {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return { origin: url.slice(0, slash), path: url.slice(slash) }
}
