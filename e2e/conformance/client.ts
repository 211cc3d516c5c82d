import { createHash } from 'node:crypto'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'

/** A client without manners of its own: headers go out as listed, bodies as given, nothing is followed or decoded. */

export type RawHeaders = readonly (readonly [name: string, value: string])[]

export interface Ask {
  readonly method?: string
  /** Sent as the request target, uninterpreted. */
  readonly target?: string
  readonly headers?: RawHeaders
  readonly body?: Buffer | null
  readonly isChunked?: boolean
  /** The test writes the body itself; `headers` declare its framing. */
  readonly isBodyLater?: boolean
  readonly agent?: http.Agent
}

export interface Head {
  readonly status: number
  readonly rawHeaders: readonly string[]
  header(name: string): string | null
  headerValues(name: string): string[]
}

export interface Reply extends Head {
  readonly body: Buffer
  readonly sha256: string
  /** The body ended as its framing promised; false = the connection was cut. */
  readonly isComplete: boolean
}

export interface Pending {
  readonly request: ClientRequest
  readonly head: Promise<Head & { readonly incoming: IncomingMessage }>
  /** Reads to the end, or to the cut. Without it the test reads `incoming` itself. */
  read(): Promise<Reply>
  /** Resets the connection, as a client does that is killed. */
  abort(): void
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function start(url: string, ask: Ask): Pending {
  const { hostname, port } = new URL(url)
  const body = ask.body ?? null
  const request = http.request({
    hostname,
    port,
    method: ask.method ?? 'POST',
    path: ask.target ?? '/v1/messages',
    headers: [...withHost(ask.headers ?? [], `${hostname}:${port}`), ...framing(body, ask.isChunked ?? false)].flat(),
    agent: ask.agent ?? false,
  })
  const head = new Promise<Head & { incoming: IncomingMessage }>((resolve, reject) => {
    request.once('response', (incoming) => resolve({ ...headOf(incoming), incoming }))
    request.once('error', reject)
  })
  // A test that aborts does not look at it.
  head.catch(() => undefined)
  if (ask.isBodyLater) request.flushHeaders()
  else sendBody(request, body, ask.isChunked ?? false)
  const read = async () => readReply((await head).incoming)
  return { request, head, read, abort: () => request.destroy() }
}

function withHost(headers: RawHeaders, host: string): RawHeaders {
  return headers.some(([name]) => name.toLowerCase() === 'host') ? headers : [['Host', host], ...headers]
}

function framing(body: Buffer | null, isChunked: boolean): RawHeaders {
  if (body === null) return []
  return isChunked ? [['Transfer-Encoding', 'chunked']] : [['Content-Length', String(body.length)]]
}

function sendBody(request: ClientRequest, body: Buffer | null, isChunked: boolean): void {
  if (body === null || !isChunked) return void request.end(body ?? undefined)
  const step = Math.max(1, Math.ceil(body.length / 7))
  for (let at = 0; at < body.length; at += step) request.write(body.subarray(at, at + step))
  request.end()
}

function headOf(incoming: IncomingMessage): Head {
  const { rawHeaders } = incoming
  const headerValues = (name: string) =>
    rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
  return { status: incoming.statusCode ?? 0, rawHeaders, headerValues, header: (name) => headerValues(name)[0] ?? null }
}

async function readReply(incoming: IncomingMessage): Promise<Reply> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of incoming) pieces.push(piece as Buffer)
  } catch {
    // Cut off: isComplete says so.
  }
  const body = Buffer.concat(pieces)
  return { ...headOf(incoming), body, sha256: sha256(body), isComplete: incoming.complete }
}
