import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { hashBytes, type BlockHash, type BodyNode, type EncodedNode, decodeNode, encodeNode } from './body-node'
import { dictionary, oldDictionary } from './dictionary'
import { ByteReader, encodeVarints } from './varint'

/** What a block or recipe holds. The numbers are in the database. */
export const contentKinds = { content: 0, list: 1, weave: 2 } as const
type ContentKind = keyof typeof contentKinds
const kindNames: readonly ContentKind[] = ['content', 'list', 'weave']

/** How its bytes are packed; the third and fourth bit of a codec. */
const packings = { plain: 0, deflatedWithOldDictionary: 1, deflated: 2, base64: 3 } as const
type Packing = keyof typeof packings
const packingNames: readonly Packing[] = ['plain', 'deflatedWithOldDictionary', 'deflated', 'base64']
const kindBits = 2
const longestChunk = 64 * 1024

export interface Packed {
  readonly codec: number
  readonly bytes: Buffer
}

export type BlockContent =
  { readonly kind: 'content'; readonly bytes: Buffer } | { readonly kind: 'node'; readonly node: BodyNode }

export function pack(content: BlockContent): Packed {
  if (content.kind === 'content') return packRest(contentKinds.content, Buffer.alloc(0), content.bytes)
  const { blocks, rest } = encodeNode(content.node)
  return packRest(contentKinds[content.node.kind], encodeBlocks(blocks), rest)
}

function packRest(kind: number, head: Buffer, rest: Buffer): Packed {
  const forms = [
    { packing: packings.plain, bytes: rest },
    { packing: packings.deflated, bytes: deflate(rest) },
    { packing: packings.base64, bytes: decodeBase64(rest) ?? rest },
  ]
  const smallest = forms.reduce((best, form) => (form.bytes.length < best.bytes.length ? form : best))
  return { codec: kind | (smallest.packing << kindBits), bytes: Buffer.concat([head, smallest.bytes]) }
}

/** With the dictionary: on blocks of this size as small as brotli, and faster. */
function deflate(bytes: Buffer): Buffer {
  // The buffer for the result is made in full for every call: sixteen kilobytes unless told otherwise.
  return deflateRawSync(bytes, { dictionary, chunkSize: Math.min(bytes.length + 64, longestChunk) })
}

const unpackers: Record<Packing, (bytes: Buffer) => Buffer> = {
  plain: (bytes) => bytes,
  deflatedWithOldDictionary: (bytes) => inflateRawSync(bytes, { dictionary: oldDictionary }),
  deflated: (bytes) => inflateRawSync(bytes, { dictionary }),
  base64: (bytes) => Buffer.from(bytes.toString('base64')),
}

/** Signatures and pictures. null = not base64, or not the only way to write it. */
function decodeBase64(text: Buffer): Buffer | null {
  if (text.length === 0 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+$/.test(text.toString('latin1', 0, 64)))
    return null
  const decoded = Buffer.from(text.toString('latin1'), 'base64')
  return text.equals(unpackers.base64(decoded)) ? decoded : null
}

export function unpack({ codec, bytes }: Packed): BlockContent {
  const kind = kindNames[codec & 3]
  const packing = packingNames[codec >> kindBits]
  if (!kind || !packing) throw new Error(`a block has the unknown codec ${codec}`)
  const reader = new ByteReader(bytes)
  const blocks = kind === 'content' ? [] : decodeBlocks(reader)
  const rest = unpackers[packing](reader.rest())
  return kind === 'content' ? { kind, bytes: rest } : { kind: 'node', node: decodeNode(kind, { blocks, rest }) }
}

/** In place of the kind, for several nodes together. */
const bundle = 3

/** Several nodes in one: what stands in the first need not be spelled out in the next. */
export function packNodes(nodes: readonly (BodyNode | null)[]): Packed {
  const encoded = nodes.map((node) => node && { kind: contentKinds[node.kind], ...encodeNode(node) })
  const head = encoded.flatMap((one) =>
    one ? [encodeVarints([one.kind, one.rest.length]), encodeBlocks(one.blocks)] : [encodeVarints([absent])],
  )
  return packRest(bundle, Buffer.concat(head), Buffer.concat(encoded.flatMap((one) => one?.rest ?? [])))
}

/** The number of `content`, which is no node. */
const absent = contentKinds.content

/** Answers as many as were packed. */
export function unpackNodes({ codec, bytes }: Packed, count: number): (BodyNode | null)[] {
  const packing = packingNames[codec >> kindBits]
  if ((codec & 3) !== bundle || !packing) throw new Error(`recipes have the unknown codec ${codec}`)
  const reader = new ByteReader(bytes)
  const heads = Array.from({ length: count }, () => {
    const kind = reader.varint()
    return kind === absent ? null : { kind, length: reader.varint(), blocks: decodeBlocks(reader) }
  })
  const rests = new ByteReader(unpackers[packing](reader.rest()))
  return heads.map(
    (head) => head && decodeNode(nodeKindOf(head.kind), { blocks: head.blocks, rest: rests.take(head.length) }),
  )
}

function nodeKindOf(number: number): BodyNode['kind'] {
  const kind = kindNames[number]
  if (!kind || kind === 'content') throw new Error(`a recipe has the unknown kind ${number}`)
  return kind
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
