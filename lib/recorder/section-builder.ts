import { crc32 } from 'node:zlib'
import { hashBytes, type BlockHash, type ListNode } from './body-node'
import type { BlockSink } from './block-sink'
import type { PlacedBlock } from './put-content'

/** A list node holds about this many bytes of its own: literals, and hashes of blocks. */
const nodeBytes = 1024
const longestNodeBytes = 4 * nodeBytes
/** About this many nodes share a parent. */
const fanOut = 8
const longestFanOut = 8 * fanOut
/** A section with less than this is not worth a block, nor a section. */
const smallSection = 192

/**
 * Builds the recipe of a body. A long list becomes a tree whose nodes begin and end where the elements
 * themselves say so: a list that grew at its end shares all nodes but the last few with the list before, so a
 * turn of a conversation adds a number of blocks that does not depend on how long it is.
 */
export class SectionBuilder {
  position = 0
  private segmentStart = 0
  private readonly root = new ListDraft()
  private draft = new ListDraft()
  /** Hashes of finished nodes that have no parent yet, by level. */
  private levels: BlockHash[][] = []

  constructor(
    private readonly bytes: Buffer,
    private readonly sink: BlockSink,
  ) {}

  /** The content from `start` on is in these blocks. */
  blocks(start: number, blocks: readonly PlacedBlock[]): void {
    this.literalTo(start)
    for (const { end, hash } of blocks) {
      this.draft.addBlock(hash)
      this.position = end
    }
  }

  /** An element ends at `at`: a node may end here as well. */
  mayBreak(at: number, isSection: boolean): void {
    this.literalTo(at)
    if (isSection) this.endSection()
    else if (this.draft.size >= longestNodeBytes || this.isNodeEnd(at)) this.endNode()
    this.segmentStart = at
  }

  finish(): ListNode {
    this.literalTo(this.bytes.length)
    this.endSection(true)
    return this.root.finish()
  }

  private literalTo(at: number): void {
    if (at > this.position) this.draft.addLiteral(this.bytes.subarray(this.position, at))
    this.position = at
  }

  /** Decided by the element alone, the likelier the larger it is, so that equal lists break equally. */
  private isNodeEnd(at: number): boolean {
    const ownBytes = this.draft.size - this.draft.sizeAtBreak
    this.draft.sizeAtBreak = this.draft.size
    return (
      this.draft.size >= nodeBytes / 2 &&
      crc32(this.bytes.subarray(this.segmentStart, at)) < (ownBytes / nodeBytes) * 2 ** 33
    )
  }

  private endNode(): void {
    this.addToLevel(0, this.sink.putNode(this.draft.finish()))
    this.draft = new ListDraft()
  }

  private addToLevel(level: number, hash: BlockHash): void {
    const siblings = (this.levels[level] ??= [])
    siblings.push(hash)
    const isEnd = siblings.length >= fanOut / 2 && hash.charCodeAt(0) % (fanOut / 2) === 0
    if (!isEnd && siblings.length < longestFanOut) return
    this.levels[level] = []
    this.addToLevel(level + 1, this.sink.putNode(listOf(siblings)))
  }

  /** What is left of a section goes into the recipe; if the same rest was seen before, as one block. */
  private endSection(isLast = false): void {
    const hasNodes = this.levels.some((level) => level.length > 0)
    if (!isLast && !hasNodes && this.draft.size < smallSection) return
    const rest = new ListDraft()
    for (const level of this.levels.toReversed()) for (const hash of level) rest.addBlock(hash)
    rest.add(this.draft)
    const node = rest.finish()
    const repeated = rest.size >= smallSection ? this.sink.putIfRepeated(node) : null
    if (repeated) this.root.addBlock(repeated)
    else this.root.add(rest)
    this.draft = new ListDraft()
    this.levels = []
  }
}

/** A list node in the making. */
class ListDraft {
  size = 0
  sizeAtBreak = 0
  private readonly hashes: BlockHash[] = []
  private readonly literals: Buffer[][] = [[]]

  addLiteral(bytes: Buffer): void {
    this.size += bytes.length
    this.literals.at(-1)?.push(bytes)
  }

  addBlock(hash: BlockHash): void {
    this.size += hashBytes
    this.hashes.push(hash)
    this.literals.push([])
  }

  add(other: ListDraft): void {
    const [first = [], ...others] = other.literals
    this.literals.at(-1)?.push(...first)
    this.hashes.push(...other.hashes)
    this.literals.push(...others)
    this.size += other.size
  }

  finish(): ListNode {
    return {
      kind: 'list',
      blocks: this.hashes,
      literals: this.literals.map((pieces) => (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces))),
    }
  }
}

function listOf(blocks: readonly BlockHash[]): ListNode {
  return { kind: 'list', blocks, literals: Array.from({ length: blocks.length + 1 }, () => empty) }
}

const empty = Buffer.alloc(0)
