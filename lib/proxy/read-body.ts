import { getHeader } from './headers'
import type { BodyShare, Incoming } from './ports'

type BodyRead = { readonly bytes: Uint8Array } | { readonly problem: 'too-large' | 'unreadable' | 'no-room' }

const empty = new Uint8Array(0)

/**
 * Reads the request body up to a limit, as far as its share of the memory goes. A declared length over the limit is
 * refused before a byte is buffered.
 */
export async function readBody(incoming: Incoming, maxBytes: number, share: BodyShare): Promise<BodyRead> {
  const declared = Number(getHeader(incoming.headers, 'content-length') ?? 0)
  if (declared > maxBytes) return { problem: 'too-large' }
  if (incoming.body === null) return { bytes: empty }
  try {
    const gathered = await gather(incoming.body, { expected: Math.max(0, Math.trunc(declared) || 0), maxBytes, share })
    return gathered instanceof Gathered ? { bytes: gathered.all() } : { problem: gathered }
  } catch {
    // The client broke off while sending; nothing was forwarded.
    return { problem: 'unreadable' }
  }
}

interface Bounds {
  readonly expected: number
  readonly maxBytes: number
  readonly share: BodyShare
}

async function gather(
  body: AsyncIterable<Uint8Array>,
  { expected, maxBytes, share }: Bounds,
): Promise<Gathered | 'too-large' | 'no-room'> {
  let gathered = (await share.reserve(expected)) ? new Gathered(expected) : null
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) return 'too-large'
    // Without room the rest is read all the same: who is still sending would not see the answer.
    if (gathered && !(await share.fill(chunk.byteLength))) gathered = null
    gathered?.add(chunk)
  }
  return gathered ?? 'no-room'
}

/**
 * Pieces of a body, put into one place while they come: when a crowd arrives at once, each body is there once. The
 * machine gives memory for what is written into the place, not for the place.
 */
class Gathered {
  private size = 0
  private readonly room: Buffer
  private readonly beyond: Uint8Array[] = []

  constructor(expected: number) {
    this.room = Buffer.allocUnsafeSlow(expected)
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
