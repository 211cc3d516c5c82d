import { ByteReader, encodeVarints } from './varint'

/** The hash of a block as 16 one-byte characters: a key for maps, 16 bytes on disk. */
export type BlockHash = string
export const hashBytes = 16

/**
 * Bytes and blocks in turn: literal, block, literal, …, literal. A recipe is the topmost of these; a block may
 * be one itself.
 */
export interface ListNode {
  readonly kind: 'list'
  readonly blocks: readonly BlockHash[]
  /** One more than there are blocks; may be empty. */
  readonly literals: readonly Buffer[]
}

/**
 * A stream of events that carry a text in small pieces: the texts apart, each whole, and what stands between
 * their pieces.
 */
interface WeaveNode {
  readonly kind: 'weave'
  readonly texts: readonly ListNode[]
  readonly pieces: readonly WeavePiece[]
  /** What stands before each piece, and after the last, one after the other. */
  readonly gaps: Buffer
}

export interface WeavePiece {
  readonly gapLength: number
  readonly text: number
  readonly length: number
}

export type BodyNode = ListNode | WeaveNode

/** The blocks stand first, because hashes do not compress; the rest does. */
export interface EncodedNode {
  readonly blocks: readonly BlockHash[]
  readonly rest: Buffer
}

const pieceColumns = ['gapLength', 'text', 'length'] as const

export function encodeNode(node: BodyNode): EncodedNode {
  if (node.kind === 'list') {
    const { numbers, bytes } = encodeList(node)
    return { blocks: node.blocks, rest: Buffer.concat([encodeVarints(numbers), ...bytes]) }
  }
  const lists = node.texts.map(encodeList)
  const numbers = [
    node.texts.length,
    ...node.texts.map((text) => text.blocks.length),
    ...lists.flatMap((list) => list.numbers),
    node.pieces.length,
  ]
  // By column: a stream repeats its gaps.
  for (const column of pieceColumns) for (const piece of node.pieces) numbers.push(piece[column])
  const bytes = [...lists.flatMap((list) => list.bytes), node.gaps]
  return { blocks: node.texts.flatMap((text) => text.blocks), rest: Buffer.concat([encodeVarints(numbers), ...bytes]) }
}

function encodeList(node: ListNode): { numbers: number[]; bytes: readonly Buffer[] } {
  return { numbers: node.literals.map((literal) => literal.length), bytes: node.literals }
}

export function decodeNode(kind: BodyNode['kind'], { blocks, rest }: EncodedNode): BodyNode {
  const reader = new ByteReader(rest)
  if (kind === 'list') {
    const lengths = reader.varints(blocks.length + 1)
    return { kind, blocks, literals: lengths.map((length) => reader.take(length)) }
  }
  const counts = reader.varints(reader.varint())
  const lengths = counts.map((count) => reader.varints(count + 1))
  const pieceCount = reader.varint()
  const [gapLengths, texts, pieceLengths] = [
    reader.varints(pieceCount),
    reader.varints(pieceCount),
    reader.varints(pieceCount),
  ]
  let taken = 0
  return {
    kind,
    texts: counts.map((count, index) => ({
      kind: 'list',
      blocks: blocks.slice(taken, (taken += count)),
      literals: (lengths[index] ?? []).map((length) => reader.take(length)),
    })),
    pieces: gapLengths.map((gapLength, index) => ({
      gapLength,
      text: texts[index] ?? 0,
      length: pieceLengths[index] ?? 0,
    })),
    gaps: reader.rest(),
  }
}

/** The blocks that a node refers to itself. */
export function blocksOf(node: BodyNode): readonly BlockHash[] {
  return node.kind === 'list' ? node.blocks : node.texts.flatMap((text) => text.blocks)
}

/** The bytes of a node, given those of its blocks. */
export function joinNode(node: BodyNode, bytesOf: (hash: BlockHash) => Buffer): Buffer {
  if (node.kind === 'list') return joinList(node, bytesOf)
  const texts = node.texts.map((text) => new ByteReader(joinList(text, bytesOf)))
  const gaps = new ByteReader(node.gaps)
  const parts = node.pieces.flatMap(({ gapLength, text, length }) => [
    gaps.take(gapLength),
    (texts[text] as ByteReader).take(length),
  ])
  return Buffer.concat([...parts, gaps.rest()])
}

function joinList(node: ListNode, bytesOf: (hash: BlockHash) => Buffer): Buffer {
  const parts: Buffer[] = []
  node.literals.forEach((literal, index) => {
    parts.push(literal)
    const block = node.blocks[index]
    if (block !== undefined) parts.push(bytesOf(block))
  })
  return Buffer.concat(parts)
}
