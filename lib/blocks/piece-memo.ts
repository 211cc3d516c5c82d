import { crc32 } from 'node:zlib'
import { LRUCache } from 'lru-cache'

interface KnownPiece {
  readonly bytes: Buffer
  readonly length: number
  readonly value: unknown
}

const memoBytes = 24 * 1024 * 1024
/** What a parsed value weighs, by its text: strings weigh as much, objects and names come on top. */
const valueWeight = 2
/** A piece is looked up by its first bytes, then compared in full: long pieces may begin alike. */
const keyLengths = [512, 96] as const
const shortestKey = 96

/** Parsed values of pieces of JSON, by their bytes. Holds copies, so that no body is kept for a piece of it. */
export class PieceMemo {
  private readonly pieces = new LRUCache<string, KnownPiece>({
    maxSize: memoBytes,
    sizeCalculation: ({ length }) => length * (1 + valueWeight) + 256,
  })

  /** A known piece that stands at this place, from its first byte to its last. */
  recall(bytes: Buffer, at: number): KnownPiece | null {
    for (const keyLength of keyLengths) {
      const known = this.pieces.get(keyOf(bytes, at, keyLength))
      if (!known || at + known.length > bytes.length) continue
      if (bytes.compare(known.bytes, 0, known.length, at, at + known.length) === 0) return known
    }
    return null
  }

  remember(bytes: Buffer, { start, end }: { start: number; end: number }, value: unknown): void {
    const length = end - start
    const keyLength = keyLengths.find((one) => length >= one)
    if (length < shortestKey || keyLength === undefined) return
    const copy = Buffer.from(new Uint8Array(bytes.subarray(start, end)).buffer)
    this.pieces.set(keyOf(bytes, start, keyLength), { bytes: copy, length, value })
  }
}

function keyOf(bytes: Buffer, at: number, length: number): string {
  return `${length}.${crc32(bytes.subarray(at, at + length))}`
}
