import { getHeader } from './headers'
import type { Incoming } from './ports'

export type BodyRead = { readonly bytes: Uint8Array } | { readonly problem: 'too-large' | 'unreadable' }

const empty = new Uint8Array(0)
/** Up to this length a client's word is enough to make room for all of it. */
const mostAtOnce = 1024 * 1024

/** Reads the request body up to a limit. A declared length over the limit is refused before a byte is buffered. */
export async function readBody(incoming: Incoming, maxBytes: number): Promise<BodyRead> {
  const declared = Number(getHeader(incoming.headers, 'content-length') ?? 0)
  if (declared > maxBytes) return { problem: 'too-large' }
  if (incoming.body === null) return { bytes: empty }
  const gathered = new Gathered(declared <= mostAtOnce ? declared : 0)
  try {
    for await (const chunk of incoming.body) {
      if (gathered.size + chunk.byteLength > maxBytes) return { problem: 'too-large' }
      gathered.add(chunk)
    }
  } catch {
    // The client broke off while sending; nothing was forwarded.
    return { problem: 'unreadable' }
  }
  return { bytes: gathered.all() }
}

/** Pieces of a body, put into one place while they come: when a crowd arrives at once, each body is there once. */
class Gathered {
  size = 0
  private readonly room: Buffer
  private readonly beyond: Uint8Array[] = []

  constructor(expected: number) {
    this.room = Buffer.allocUnsafeSlow(Number.isSafeInteger(expected) && expected > 0 ? expected : 0)
  }

  add(chunk: Uint8Array): void {
    if (this.size + chunk.byteLength <= this.room.length) this.room.set(chunk, this.size)
    else this.beyond.push(chunk)
    this.size += chunk.byteLength
  }

  all(): Uint8Array {
    const [first] = this.beyond
    if (!first) return this.room.subarray(0, this.size)
    if (first.byteLength === this.size) return first
    const placed = this.size - this.beyond.reduce((total, { byteLength }) => total + byteLength, 0)
    return Buffer.concat([this.room.subarray(0, placed), ...this.beyond], this.size)
  }
}
