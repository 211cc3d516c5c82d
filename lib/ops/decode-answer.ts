import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { getHeader } from '@/lib/proxy/headers'
import type { Answer } from '@/lib/proxy/ports'

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  deflate: () => createInflate(),
}

/**
 * The answer without its content coding, for a host that drops `content-encoding` from what a handler returns
 * (Next does): coded bytes would reach the client with nothing that says so. An unknown coding stays.
 */
export function decodeAnswer(answer: Answer): Answer {
  const decoder = decoders[getHeader(answer.headers, 'content-encoding')?.toLowerCase() ?? '']
  if (!decoder || answer.body === null || answer.body instanceof Uint8Array) return answer
  const headers = answer.headers.filter(
    ([name]) => !['content-encoding', 'content-length'].includes(name.toLowerCase()),
  )
  return { ...answer, headers, body: decoded(answer.body, decoder()) }
}

/** Reading on drives the source; leaving early, or a fault on either side, ends both. */
function decoded(body: AsyncIterable<Uint8Array>, decoder: Transform): AsyncIterable<Uint8Array> {
  // The fault reaches whoever reads the decoder.
  return pipeline(body, decoder, () => undefined) as AsyncIterable<Uint8Array>
}
