import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { json } from '@/lib/http'

/** What the server answers when the doctor calls it through the public address. */

/** How long the stream stays open after its first words: only a buffering proxy makes the caller wait for it. */
const streamHoldMs = 2_500

/** Sends `first` at once and `last` after a while, with the headers that streams of Claude get. */
export function answerStreamProbe(): Response {
  const gone = new AbortController()
  const write = (text: string) => new TextEncoder().encode(`data: ${text}\n\n`)
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      controller.enqueue(write('first'))
      await delay(streamHoldMs, undefined, { signal: gone.signal }).catch(() => undefined)
      if (gone.signal.aborted) return
      controller.enqueue(write('last'))
      controller.close()
    },
    cancel: () => gone.abort(),
  })
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  }
  return new Response(body, { headers })
}

/** Counts the bytes that arrive and keeps none. */
export async function answerBodyProbe(body: ReadableStream<Uint8Array> | null): Promise<Response> {
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > env().MAX_REQUEST_BYTES) break
  }
  return json({ bytes })
}
