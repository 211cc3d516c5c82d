import { crc32 } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { BlockHash } from './body-node'
import { contentBlock, nodeBlock, type CollectedBlock } from './collected-block'
import { nodeOfSpan, type KnownSpan, type Section, type Span } from './sink'

interface RememberedSpan extends KnownSpan {
  readonly bytes: Buffer
  /** Its blocks, for when the database has to be told again. */
  readonly blocks: ReadonlyMap<BlockHash, CollectedBlock>
}

const memoBytes = 12 * 1024 * 1024
/** A span is looked up by its first bytes, then compared in full. */
const keyBytes = 512

/**
 * Spans of earlier bodies. Most of a request was in the request before: comparing it with that costs a tenth
 * of cutting and hashing it again.
 */
export class SpanMemo {
  /** Sized by what they keep in memory: a part of a body keeps the whole body. */
  private readonly spans = new LRUCache<string, RememberedSpan>({
    maxSize: memoBytes,
    sizeCalculation: ({ bytes }) => bytes.buffer.byteLength + 1_024,
  })

  recall(scope: string, bytes: Buffer, at: number): RememberedSpan | null {
    const known = this.spans.get(keyOf(scope, bytes, at))
    if (!known || at + known.length > bytes.length) return null
    return bytes.compare(known.bytes, 0, known.length, at, at + known.length) === 0 ? known : null
  }

  /** A span as a copy with its blocks in it: there are many, each of another body. */
  rememberNode(scope: string, span: Span, hash: BlockHash): void {
    const { bytes: body, start, end, endShape } = span
    if (end - start < keyBytes) return
    const bytes = Buffer.from(new Uint8Array(body.subarray(start, end)).buffer)
    const placed = span.blocks.map((block) => ({
      start: block.start - start,
      end: block.end - start,
      hash: block.hash,
    }))
    const node = nodeOfSpan({ bytes, start: 0, end: bytes.length, blocks: placed })
    const contents = placed.map((block) => contentBlock(block.hash, bytes.subarray(block.start, block.end)))
    const blocks = new Map([...contents, nodeBlock(hash, node)].map((block) => [block.hash, block]))
    this.spans.set(keyOf(scope, body, start), { bytes, length: bytes.length, hash, endShape, blocks })
  }

  /** A section as it is: there are few, the same in many bodies. */
  rememberSection(
    scope: string,
    section: Section,
    known: { hash: BlockHash; blocks: readonly CollectedBlock[] },
  ): void {
    const { bytes: body, start, end, endShape } = section
    const key = keyOf(scope, body, start)
    if (end - start < keyBytes || this.spans.get(key)?.hash === known.hash) return
    const blocks = new Map(known.blocks.map((block) => [block.hash, block]))
    this.spans.set(key, { bytes: body.subarray(start, end), length: end - start, hash: known.hash, endShape, blocks })
  }
}

function keyOf(scope: string, bytes: Buffer, at: number): string {
  return scope + crc32(bytes.subarray(at, at + keyBytes))
}
