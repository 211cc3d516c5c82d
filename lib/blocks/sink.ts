import type { BlockHash, ListNode } from './body-node'

/** A piece of a body that is a block of its own. */
export interface PlacedBlock {
  readonly start: number
  readonly end: number
  readonly hash: BlockHash
}

/** A place in a body where a node may begin or end. */
export interface Place {
  readonly at: number
  /** Brackets that are open there. */
  readonly shape: number
}

export interface Section {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly startShape: number
  readonly endShape: number
}

/** A stretch of a body that becomes one node: what is between its blocks is literal. */
export interface Span extends Section {
  readonly blocks: readonly PlacedBlock[]
}

/** A stretch that was seen before. */
export interface KnownSpan {
  readonly hash: BlockHash
  readonly length: number
  readonly endShape: number
}

/** Takes what a body is cut into. */
export interface BlockSink {
  putContent(bytes: Buffer): BlockHash
  putNode(node: ListNode): BlockHash
  /** The same, only if this very node was offered before; null the first time. */
  putIfRepeated(node: ListNode): BlockHash | null
  putSpan(span: Span): BlockHash
  /** The node that starts there, if the same bytes were a span of another body before. */
  recallSpan(bytes: Buffer, place: Place): KnownSpan | null
  /** This section as a whole is that node. */
  noteSection(section: Section, hash: BlockHash): void
  recallSection(bytes: Buffer, place: Place): KnownSpan | null
}

const empty = Buffer.alloc(0)

/** The node of a stretch of bytes. */
export function nodeOfSpan({ bytes, start, end, blocks }: Pick<Span, 'bytes' | 'start' | 'end' | 'blocks'>): ListNode {
  const literals: Buffer[] = []
  let at = start
  for (const block of blocks) {
    literals.push(block.start > at ? bytes.subarray(at, block.start) : empty)
    at = block.end
  }
  literals.push(end > at ? bytes.subarray(at, end) : empty)
  return { kind: 'list', blocks: blocks.map(({ hash }) => hash), literals }
}

/** The node of nothing but blocks. */
export function nodeOfBlocks(blocks: readonly BlockHash[]): ListNode {
  return { kind: 'list', blocks, literals: new Array<Buffer>(blocks.length + 1).fill(empty) }
}

/** Of none or one no copy is made: it may be as long as the body. */
export function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length > 1 ? Buffer.concat(pieces) : (pieces[0] ?? empty)
}

/** One node after the other, as one. */
export function concatNodes(nodes: readonly ListNode[]): ListNode {
  const literals: Buffer[] = []
  let open: Buffer[] = []
  for (const node of nodes) {
    node.literals.forEach((literal, index) => {
      if (literal.length > 0) open.push(literal)
      if (index === node.blocks.length) return
      literals.push(joined(open))
      open = []
    })
  }
  literals.push(joined(open))
  return { kind: 'list', blocks: nodes.flatMap((node) => node.blocks), literals }
}
