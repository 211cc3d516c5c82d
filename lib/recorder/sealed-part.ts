import { pack, unpack, type BlockContent, type Packed } from './block-codec'
import type { BlockHash, BodyNode } from './body-node'
import type { DomainKeys } from './domain-keys'
import { seal, unseal } from './seal'

/** The parts of an exchange that have a recipe of their own. */
export type PartName = 'request' | 'response' | 'detail'

export interface PartOf {
  readonly requestId: string
  readonly part: PartName
}

/** codec · sealed node. Bound to its request and part: moved to another row it does not open. */
export function sealRecipe(keys: DomainKeys, of: PartOf, node: BodyNode): Buffer {
  const { codec, bytes } = pack({ kind: 'node', node })
  return Buffer.concat([Buffer.from([codec]), seal(keys.sealKey, recipeContext(keys, of, codec), bytes)])
}

export function unsealRecipe(keys: DomainKeys, of: PartOf, recipe: Buffer): BodyNode {
  const codec = recipe.readUInt8(0)
  const content = unpack({ codec, bytes: unseal(keys.sealKey, recipeContext(keys, of, codec), recipe.subarray(1)) })
  if (content.kind !== 'node') throw new Error('a recipe is no list')
  return content.node
}

export function sealBlock(keys: DomainKeys, hash: BlockHash, content: BlockContent): Packed {
  const { codec, bytes } = pack(content)
  return { codec, bytes: seal(keys.sealKey, blockContext(keys, hash, codec), bytes) }
}

export function unsealBlock(keys: DomainKeys, hash: BlockHash, { codec, bytes }: Packed): BlockContent {
  return unpack({ codec, bytes: unseal(keys.sealKey, blockContext(keys, hash, codec), bytes) })
}

function recipeContext(keys: DomainKeys, { requestId, part }: PartOf, codec: number): string {
  return `${keys.domainId}|${requestId}|${part}|${codec}`
}

function blockContext(keys: DomainKeys, hash: BlockHash, codec: number): string {
  return `${keys.domainId}|${hash}|${codec}`
}
