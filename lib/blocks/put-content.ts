import { cutContent } from './cut-content'
import type { BlockSink, PlacedBlock } from './sink'

/** A string of this length or more becomes a block of its own: a shorter one costs less where it stands. */
export const longString = 256

/** A long content as blocks: one, or several where it is very long. */
export function putContent(
  bytes: Buffer,
  { start, end }: { start: number; end: number },
  sink: BlockSink,
): PlacedBlock[] {
  const blocks: PlacedBlock[] = []
  let from = start
  for (const to of cutContent(bytes, start, end)) {
    blocks.push({ start: from, end: to, hash: sink.putContent(bytes.subarray(from, to)) })
    from = to
  }
  return blocks
}
