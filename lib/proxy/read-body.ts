import { getHeader } from './headers'
import type { Incoming } from './ports'

export type BodyRead = { readonly bytes: Uint8Array } | { readonly problem: 'too-large' | 'unreadable' }

const empty = new Uint8Array(0)

/** Reads the request body up to a limit. A declared length over the limit is refused before a byte is buffered. */
export async function readBody(incoming: Incoming, maxBytes: number): Promise<BodyRead> {
  const declared = Number(getHeader(incoming.headers, 'content-length') ?? 0)
  if (declared > maxBytes) return { problem: 'too-large' }
  if (incoming.body === null) return { bytes: empty }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of incoming.body) {
      size += chunk.byteLength
      if (size > maxBytes) return { problem: 'too-large' }
      chunks.push(chunk)
    }
  } catch {
    // The client broke off while sending; nothing was forwarded.
    return { problem: 'unreadable' }
  }
  return { bytes: chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks, size) }
}
