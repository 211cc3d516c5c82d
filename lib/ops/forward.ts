import type { Readable } from 'node:stream'
import { Agent } from 'undici'
import { guardedAgentFor } from '@/lib/accounts/upstream-guard'
import type { HeaderList, UpstreamAnswer, UpstreamRequest } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'

/**
 * The connections to the upstream. Header and body timeouts are the core's (CLAUDE_API_TIMEOUT,
 * PROXY_SERVER_TIMEOUT): undici's own 300 s would cut long thinking. Redirects are never followed.
 */
const agent = () =>
  shared(
    'upstream-agent',
    () => new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 }, keepAliveTimeout: 30_000 }),
  )

/** Asks the upstream; resolves with its head, the body still to be read. Throws when no answer came. */
export async function forward(upstream: UpstreamRequest): Promise<UpstreamAnswer> {
  const { origin, path } = splitUrl(upstream.url)
  // An account's own base URL is checked again for every connection; the operator's word is not.
  const answer = await (guardedAgentFor(origin) ?? agent()).request({
    origin,
    path,
    method: upstream.method as 'POST',
    ...framed(upstream),
    signal: upstream.signal,
    responseHeaders: 'raw',
  })
  const body = answer.body
  // An abort between two reads emits here; without a listener it would end the process.
  body.on('error', () => undefined)
  return {
    status: answer.statusCode,
    headers: pairs(answer.headers as unknown as (string | Buffer)[]),
    body,
    discard: () => body.destroy(),
  }
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

/** undici's raw headers: name, value, name, value … as buffers or strings (latin1 on the wire). */
function pairs(raw: (string | Buffer)[]): HeaderList {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([text(raw[at]), text(raw[at + 1])])
  return list
}

function text(value: string | Buffer | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}
