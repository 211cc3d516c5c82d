import { rollDigests } from './transcript'

/** A transcript as hashes: equal beginnings have equal hashes at equal lengths. */
export interface Transcript {
  readonly length: number
  readonly hash: Buffer | null
  /** After so many messages; null outside of what is known. */
  hashAt(length: number): Buffer | null
  /** The newest `count` lengths that end before `before`, longest first. */
  lengthsBelow(before: number, count: number): number[]
}

/** Begins empty, or behind what a message thread has on the other side. */
export function rollTranscript(
  digests: readonly Buffer[],
  start: { readonly hash: Buffer; readonly length: number },
): Transcript {
  const hashes = rollDigests(start.hash, digests)
  const length = start.length + digests.length
  return {
    length,
    hash: hashes.at(-1) ?? null,
    hashAt: (at) => hashes[at - start.length - 1] ?? null,
    lengthsBelow: (before, count) => {
      const longest = Math.min(before - 1, length)
      const shortest = Math.max(start.length + 1, longest - count + 1)
      return Array.from({ length: Math.max(0, longest - shortest + 1) }, (_none, index) => longest - index)
    },
  }
}
