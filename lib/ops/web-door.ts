import { setTimeout as delay } from 'node:timers/promises'
import { handleExchange } from '@/lib/proxy/handle-exchange'
import type { Answer, Incoming } from '@/lib/proxy/ports'
import { decodeAnswer } from './decode-answer'
import { requireRuntime } from './runtime'

/** The canonical door: a web Request in, a web Response out, for any host that runs route handlers. */
export async function answerWebRequest(request: Request): Promise<Response> {
  return responseOf(decodeAnswer(await handleExchange(incomingOf(request), requireRuntime().ports)))
}

/** Next drops `content-encoding` from a handler's answer, so this door asks for none. */
const uncoded = ['accept-encoding', 'identity'] as const

function incomingOf(request: Request): Incoming {
  const url = new URL(request.url)
  return {
    method: request.method,
    target: url.pathname + url.search,
    headers: [...[...request.headers].filter(([name]) => name !== 'accept-encoding'), uncoded],
    body: request.body as AsyncIterable<Uint8Array> | null,
    signal: request.signal,
  }
}

function responseOf(answer: Answer): Response {
  const headers = new Headers()
  for (const [name, value] of answer.headers) headers.append(name, value)
  // The host frames the connection itself.
  headers.delete('connection')
  const mayHaveBody = ![101, 204, 205, 304].includes(answer.status)
  if (answer.body === null || answer.body instanceof Uint8Array) {
    return new Response(mayHaveBody ? (answer.body as BodyInit | null) : null, { status: answer.status, headers })
  }
  const stream = streamOf(answer.body, answer.whenCut)
  if (mayHaveBody) return new Response(stream, { status: answer.status, headers })
  void stream.cancel()
  return new Response(null, { status: answer.status, headers })
}

const lastBytesMs = 25
const noBytes = new Uint8Array(0)

/** Pulls one chunk for each the client takes (highWaterMark 0 would delay the first; the first is asked at once). */
function streamOf(body: AsyncIterable<Uint8Array>, whenCut: Answer['whenCut']): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<Uint8Array>> | null = iterator.next()
  // Awaited in pull; this only keeps an early failure from counting as unhandled.
  first.catch(() => undefined)
  let flush: NodeJS.Immediate
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // The host sends the head with the first chunk, which must not wait for an upstream that thinks first.
        flush = setImmediate(() => controller.enqueue(noBytes))
        whenCut?.(() => controller.error(new Error('the exchange was ended')))
      },
      async pull(controller) {
        const next = first ?? iterator.next()
        first = null
        const { done, value } = await next.catch(afterLastBytes)
        clearImmediate(flush)
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        clearImmediate(flush)
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The host breaks the connection at once on an error: what was written before it needs a moment to leave. */
async function afterLastBytes(error: unknown): Promise<never> {
  await delay(lastBytesMs)
  throw error
}
