import { createHash } from 'node:crypto'

/**
 * Cuts long content where its own bytes say so, so that an edit in the middle leaves the cuts before and
 * after it where they were (a gear hash, as in FastCDC).
 */
const gear = Uint32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update(`gear ${byte}`).digest().readUInt32LE(0),
)

interface PieceSizes {
  readonly min: number
  readonly max: number
  /** Cut where these bits of the hash are zero: one in 2^n bytes. */
  readonly mask: number
}

const textPieces: PieceSizes = { min: 8 * 1024, max: 32 * 1024, mask: 0xfff0_0000 }
const filePieces: PieceSizes = { min: 32 * 1024, max: 128 * 1024, mask: 0xfffe_0000 }
/** Content up to this length stays in one piece. */
const wholeBytes = 16 * 1024
/** Content above this is a file rather than a text. */
const fileBytes = 1024 * 1024

/** The pieces of `bytes[start, end)`, each as its end. */
export function* cutContent(bytes: Buffer, start: number, end: number): Generator<number, void, undefined> {
  const length = end - start
  if (length <= wholeBytes) return yield end
  const sizes = length > fileBytes ? filePieces : textPieces
  for (let from = start; from < end;) {
    const to = findCut(bytes.subarray(from, Math.min(from + sizes.max, end)), sizes)
    from += to
    yield from
  }
}

function findCut(bytes: Buffer, { min, mask }: PieceSizes): number {
  let hash = 0
  for (let at = min; at < bytes.length; at += 1) {
    hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0
    if ((hash & mask) === 0) return at + 1
  }
  return bytes.length
}
