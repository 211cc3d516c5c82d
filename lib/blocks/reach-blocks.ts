import { LRUCache } from 'lru-cache'
import type { ClientBase } from 'pg'
import { env } from '@/lib/env'
import { blocksOf, type BlockHash } from './body-node'
import { contentKinds } from './codec'
import { makeDomainKeys, noDomainId, type DomainKeys } from './domain-keys'
import { recipeColumns, unsealBlock, unsealRecipes, type SealedRecipes } from './sealed-part'

/** Which bodies of a domain: those in a range of request ids, or these. */
interface BodyRange {
  /** null = the calls that belong to none. */
  readonly domainId: string | null
  /** Ids below this one. */
  readonly beforeId?: string
  readonly requestIds?: readonly string[]
}

const pageSize = 200
/** More than this many are walked again instead of remembered. */
const mostRemembered = 200_000

/** The blocks that bodies are made of, some at a time; one may come again. Throws when a recipe does not open. */
export async function* reachBlocks(client: ClientBase, range: BodyRange): AsyncGenerator<BlockHash[]> {
  const keys = makeDomainKeys(env().encryptionKey)(range.domainId)
  const seen = new LRUCache<BlockHash, true>({ max: mostRemembered })
  for await (const page of pagesOf(client, range)) {
    const roots = page.flatMap((row) => rootsOf(keys, row))
    yield await walk(client, { keys, seen, roots })
  }
}

async function* pagesOf(client: ClientBase, range: BodyRange): AsyncGenerator<SealedRecipes[]> {
  let after = noDomainId
  for (;;) {
    const { rows } = await client.query<SealedRecipes>(
      `SELECT ${recipeColumns} FROM request_bodies
       WHERE domain_id IS NOT DISTINCT FROM $1::uuid AND request_id > $2::uuid AND ($3::uuid IS NULL OR request_id < $3)
         AND ($4::uuid[] IS NULL OR request_id = ANY($4))
       ORDER BY request_id LIMIT ${pageSize}`,
      [range.domainId, after, range.beforeId ?? null, range.requestIds ?? null],
    )
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.requestId
  }
}

function rootsOf(keys: DomainKeys, row: SealedRecipes): BlockHash[] {
  return Object.values(unsealRecipes(keys, row)).flatMap((node) => (node ? [...blocksOf(node)] : []))
}

interface Walk {
  readonly keys: DomainKeys
  readonly seen: LRUCache<BlockHash, true>
  readonly roots: readonly BlockHash[]
}

/** Level by level. Only nodes are opened: content refers to nothing. */
async function walk(client: ClientBase, { keys, seen, roots }: Walk): Promise<BlockHash[]> {
  const reached: BlockHash[] = []
  for (let wanted = [...new Set(roots)].filter((hash) => !seen.has(hash)); wanted.length > 0;) {
    for (const hash of wanted) seen.set(hash, true)
    reached.push(...wanted)
    const { rows } = await client.query<{ hash: Buffer; codec: number; bytes: Buffer }>(
      `SELECT hash, codec, bytes FROM blocks
       WHERE domain_id = $1 AND hash = ANY($2::bytea[]) AND codec & 3 <> ${contentKinds.content}`,
      [keys.domainId, wanted.map((hash) => Buffer.from(hash, 'latin1'))],
    )
    const children = rows.flatMap(({ hash, ...packed }) => {
      const content = unsealBlock(keys, hash.toString('latin1'), packed)
      return content.kind === 'node' ? [...blocksOf(content.node)] : []
    })
    wanted = [...new Set(children)].filter((hash) => !seen.has(hash))
  }
  return reached
}
