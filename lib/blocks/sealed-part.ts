import type { BlockHash, BodyNode } from './body-node'
import { pack, packNodes, unpack, unpackNodes, type BlockContent, type Packed } from './codec'
import type { DomainKeys } from './domain-keys'
import { seal, unseal } from './seal'

/** The parts of an exchange that have a recipe, in the order in which they are stored. */
const partNames = ['request', 'response', 'detail'] as const
export type PartName = (typeof partNames)[number]

/** How the parts of an exchange are put together again; null = not kept. */
type Recipes = Readonly<Record<PartName, BodyNode | null>>

/** codec · sealed nodes. Bound to their request: moved to another row they do not open. */
export function sealRecipes(keys: DomainKeys, requestId: string, recipes: Recipes): Buffer {
  const { codec, bytes } = packNodes(partNames.map((part) => recipes[part]))
  return Buffer.concat([Buffer.from([codec]), seal(keys.sealKey, recipesContext(keys, requestId, codec), bytes)])
}

/** What a row of request_bodies has: all recipes in one, or each for itself, as it was once. */
export interface SealedRecipes extends Readonly<Record<PartName, Buffer | null>> {
  readonly requestId: string
  readonly recipes: Buffer | null
}

/** The columns of request_bodies for it. */
export const recipeColumns = `request_id AS "requestId", recipes, request_recipe AS request, response_recipe AS response,
  exchange_detail AS detail`

export function unsealRecipes(keys: DomainKeys, row: SealedRecipes): Recipes {
  const { requestId, recipes } = row
  if (!recipes) {
    const open = (part: PartName) => row[part] && unsealRecipe(keys, { requestId, part }, row[part])
    return { request: open('request'), response: open('response'), detail: open('detail') }
  }
  const codec = recipes.readUInt8(0)
  const bytes = unseal(keys.sealKey, recipesContext(keys, requestId, codec), recipes.subarray(1))
  const [request = null, response = null, detail = null] = unpackNodes({ codec, bytes }, partNames.length)
  return { request, response, detail }
}

interface PartOf {
  readonly requestId: string
  readonly part: PartName
}

function unsealRecipe(keys: DomainKeys, { requestId, part }: PartOf, recipe: Buffer): BodyNode {
  const codec = recipe.readUInt8(0)
  const context = `${keys.domainId}|${requestId}|${part}|${codec}`
  const content = unpack({ codec, bytes: unseal(keys.sealKey, context, recipe.subarray(1)) })
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

function recipesContext(keys: DomainKeys, requestId: string, codec: number): string {
  return `${keys.domainId}|${requestId}|recipes|${codec}`
}

function blockContext(keys: DomainKeys, hash: BlockHash, codec: number): string {
  return `${keys.domainId}|${hash}|${codec}`
}
