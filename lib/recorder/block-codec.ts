import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { dictionary } from './block-dictionary'
import { hashBytes, type BlockHash, type BodyNode, type EncodedNode, decodeNode, encodeNode } from './body-node'
import { ByteReader, encodeVarints } from './varint'

/** What a block or recipe holds. The numbers are in the database. */
export const contentKinds = { content: 0, list: 1, weave: 2 } as const
export type ContentKind = keyof typeof contentKinds
const kindNames: readonly ContentKind[] = ['content', 'list', 'weave']

/** How its bytes are packed; the third and fourth bit of a codec. */
const plain = 0
const deflated = 1
const kindBits = 2
const longestChunk = 64 * 1024

export interface Packed {
  readonly codec: number
  readonly bytes: Buffer
}

export type BlockContent =
  { readonly kind: 'content'; readonly bytes: Buffer } | { readonly kind: 'node'; readonly node: BodyNode }

export function pack(content: BlockContent): Packed {
  if (content.kind === 'content') return deflate(contentKinds.content, Buffer.alloc(0), content.bytes)
  const { blocks, rest } = encodeNode(content.node)
  return deflate(contentKinds[content.node.kind], encodeBlocks(blocks), rest)
}

/** Deflate with the dictionary: on blocks of this size as small as brotli, and faster. */
function deflate(kind: number, head: Buffer, rest: Buffer): Packed {
  // The buffer for the result is made in full for every call: sixteen kilobytes unless told otherwise.
  const smaller = deflateRawSync(rest, { dictionary, chunkSize: Math.min(rest.length + 64, longestChunk) })
  const isSmaller = smaller.length < rest.length
  return {
    codec: kind | ((isSmaller ? deflated : plain) << kindBits),
    bytes: Buffer.concat([head, isSmaller ? smaller : rest]),
  }
}

export function unpack({ codec, bytes }: Packed): BlockContent {
  const kind = kindNames[codec & 3]
  const packing = codec >> kindBits
  if (!kind || packing > deflated) throw new Error(`a block has the unknown codec ${codec}`)
  const reader = new ByteReader(bytes)
  const blocks = kind === 'content' ? [] : decodeBlocks(reader)
  const rest = packing === deflated ? inflateRawSync(reader.rest(), { dictionary }) : reader.rest()
  return kind === 'content' ? { kind, bytes: rest } : { kind: 'node', node: decodeNode(kind, { blocks, rest }) }
}

/** What the hash of a node covers: its content, however it is packed. */
export function nodeIdentity(node: BodyNode): Buffer[] {
  const { blocks, rest }: EncodedNode = encodeNode(node)
  return [encodeBlocks(blocks), rest]
}

function encodeBlocks(blocks: readonly BlockHash[]): Buffer {
  return Buffer.concat([encodeVarints([blocks.length]), Buffer.from(blocks.join(''), 'latin1')])
}

function decodeBlocks(reader: ByteReader): BlockHash[] {
  const count = reader.varint()
  return Array.from({ length: count }, () => reader.take(hashBytes).toString('latin1'))
}
