import { crc32 } from 'node:zlib'
import { hashBytes, type BlockHash, type ListNode } from './body-node'
import { concatNodes, nodeOfBlocks, nodeOfSpan, type BlockSink, type PlacedBlock, type Place } from './sink'

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
  private readonly sections: ListNode[] = []
  /** Hashes of finished nodes that have no parent yet, by level. */
  private levels: BlockHash[][] = []
  /** The node in the making: where it began, its blocks, their bytes. */
  private start: Place = { at: 0, shape: 0 }
  private sectionStart = this.start
  private placed: PlacedBlock[] = []
  private placedBytes = 0
  private hasSmallSection = false
  /** Where the latest element began, and how large the node was then. */
  private segmentStart = 0
  private sizeAtSegment = 0

  constructor(
    private readonly bytes: Buffer,
    private readonly sink: BlockSink,
  ) {}

  /** These pieces of the body are blocks. */
  place(blocks: readonly PlacedBlock[]): void {
    for (const block of blocks) {
      this.placed.push(block)
      this.placedBytes += block.end - block.start
    }
  }

  /** An element ends here: the node may end as well. */
  mayBreak(place: Place): void {
    const size = this.sizeAt(place.at)
    if (size >= longestNodeBytes || this.isNodeEnd(place.at, size)) this.endNode(place)
    this.segmentStart = place.at
    this.sizeAtSegment = this.sizeAt(place.at)
  }

  /** A section ends here; a small one goes on with the next. */
  mayEndSection(place: Place): void {
    if (!this.hasNodes && this.sizeAt(place.at) < smallSection) this.hasSmallSection = true
    else this.endSection(place)
  }

  /** Steps over what is known from earlier bodies; null where the bytes are new, or a node is under way. */
  skipKnown(): Place | null {
    const from = this.start
    if (this.segmentStart !== from.at) return null
    while (this.skipSection() || this.skipNode());
    return this.start === from ? null : this.start
  }

  finish(): ListNode {
    this.endSection({ at: this.bytes.length, shape: 0 }, true)
    return concatNodes(this.sections)
  }

  private get hasNodes(): boolean {
    return this.levels.some((level) => level.length > 0)
  }

  /** Bytes of its own that the node under way would have if it ended there. */
  private sizeAt(at: number): number {
    return at - this.start.at - this.placedBytes + this.placed.length * hashBytes
  }

  /** Decided by the element alone, the likelier the larger it is, so that equal lists break equally. */
  private isNodeEnd(at: number, size: number): boolean {
    if (size < nodeBytes / 2) return false
    const ownBytes = size - this.sizeAtSegment
    return crc32(this.bytes.subarray(this.segmentStart, at)) < (ownBytes / nodeBytes) * 2 ** 33
  }

  private skipSection(): boolean {
    if (this.sectionStart !== this.start) return false
    const known = this.sink.recallSection(this.bytes, this.start)
    if (!known) return false
    this.sections.push(nodeOfBlocks([known.hash]))
    this.begin({ at: this.start.at + known.length, shape: known.endShape })
    this.sectionStart = this.start
    return true
  }

  private skipNode(): boolean {
    const known = this.sink.recallSpan(this.bytes, this.start)
    if (!known) return false
    this.addToLevel(0, known.hash)
    this.begin({ at: this.start.at + known.length, shape: known.endShape })
    return true
  }

  private begin(place: Place): void {
    this.start = place
    this.placed = []
    this.placedBytes = 0
    this.hasSmallSection = false
    this.segmentStart = place.at
    this.sizeAtSegment = 0
  }

  private endNode(place: Place): void {
    const { bytes, start, placed: blocks } = this
    const span = { bytes, start: start.at, end: place.at, blocks, startShape: start.shape, endShape: place.shape }
    // With the end of a small section inside, what becomes of these bytes depends on where they stand.
    this.addToLevel(0, this.hasSmallSection ? this.sink.putNode(nodeOfSpan(span)) : this.sink.putSpan(span))
    this.begin(place)
  }

  private addToLevel(level: number, hash: BlockHash): void {
    const siblings = (this.levels[level] ??= [])
    siblings.push(hash)
    const isEnd = siblings.length >= fanOut / 2 && hash.charCodeAt(0) % (fanOut / 2) === 0
    if (!isEnd && siblings.length < longestFanOut) return
    this.levels[level] = []
    this.addToLevel(level + 1, this.sink.putNode(nodeOfBlocks(siblings)))
  }

  /** What is left of a section goes into the recipe; if the same rest was seen before, as one block. */
  private endSection(place: Place, isLast = false): void {
    const { bytes, start, sectionStart, placed: blocks } = this
    const nodes = nodeOfBlocks(this.levels.toReversed().flat())
    const section = concatNodes([nodes, nodeOfSpan({ bytes, start: start.at, end: place.at, blocks })])
    const isSmall = this.sizeAt(place.at) + nodes.blocks.length * hashBytes < smallSection
    const repeated = isSmall ? null : this.sink.putIfRepeated(section)
    this.sections.push(repeated ? nodeOfBlocks([repeated]) : section)
    if (repeated && !isLast) {
      const { at: end, shape: endShape } = place
      this.sink.noteSection({ bytes, start: sectionStart.at, end, startShape: sectionStart.shape, endShape }, repeated)
    }
    this.levels = []
    this.begin(place)
    this.sectionStart = this.start
  }
}
