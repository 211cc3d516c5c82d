import { hash as digest } from 'node:crypto'
import type { Pool } from 'pg'
import { blocksOf, hashBytes, joinNode, type BlockHash, type BodyNode } from '@/lib/blocks/body-node'
import type { BlockContent } from '@/lib/blocks/codec'
import { makeDomainKeys, type DomainKeys } from '@/lib/blocks/domain-keys'
import { recipeColumns, unsealBlock, unsealRecipes, type PartName, type SealedRecipes } from '@/lib/blocks/sealed-part'
import { dashboardPool } from '@/lib/db'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import type { BodySide } from './body-store'
import { readDetail, type ExchangeDetail } from './exchange-detail'
import { contentTypes } from './usual-text'

export interface LoadedBody {
  /** As they passed through, byte for byte. */
  readonly bytes: Buffer
  readonly contentType: string | null
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string
}

interface LoadOptions {
  readonly pool?: Pool
  readonly encryptionKey?: string
  /** Blocks that were loaded before, for who reads many exchanges of one domain after each other. */
  readonly blocks?: BlockCache
}

interface BlockCache {
  get(hash: BlockHash): BlockContent | undefined
  set(hash: BlockHash, content: BlockContent): unknown
}

/** The exact bytes of a request or its response; null when they were not kept. Throws AppError when they cannot be read. */
export async function loadBody(
  requestId: string,
  side: BodySide,
  options: LoadOptions = {},
): Promise<LoadedBody | null> {
  const row = await loadRow(requestId, options)
  return row && bodyOf(row, side, await rebuild(row, [side], options))
}

/** What was kept of an exchange. */
export interface LoadedExchange {
  readonly request: LoadedBody | null
  readonly response: LoadedBody | null
  readonly detail: ExchangeDetail | null
}

/** Both bodies and the detail with one look at their row; null when nothing was kept. Throws AppError like `loadBody`. */
export async function loadWholeExchange(requestId: string, options: LoadOptions = {}): Promise<LoadedExchange | null> {
  const row = await loadRow(requestId, options)
  if (!row) return null
  const parts = await rebuild(row, ['request', 'response', 'detail'], options)
  return {
    request: bodyOf(row, 'request', parts),
    response: bodyOf(row, 'response', parts),
    detail: parts.detail ? readDetail(parts.detail) : null,
  }
}

function bodyOf(row: StoredBodies, side: BodySide, { [side]: bytes }: Parts): LoadedBody | null {
  if (!bytes) return null
  const sha256 = digest('sha256', bytes, 'hex')
  if (sha256 !== row[`${side}Sha256`]) throw unreadable(row.requestId, 'its bytes do not have their SHA-256 any more')
  return { bytes, contentType: contentTypes.spell(row[`${side}Type`]), sha256 }
}

/** Headers, attempts and timings of an exchange; null when they were not kept. */
export async function loadExchangeDetail(requestId: string, options: LoadOptions = {}): Promise<ExchangeDetail | null> {
  const row = await loadRow(requestId, options)
  const parts = row && (await rebuild(row, ['detail'], options))
  return parts?.detail ? readDetail(parts.detail) : null
}

interface StoredBodies extends SealedRecipes {
  readonly domainId: string | null
  readonly requestSha256: string | null
  readonly requestType: string | null
  readonly responseSha256: string | null
  readonly responseType: string | null
}

async function loadRow(requestId: string, { pool = dashboardPool() }: LoadOptions): Promise<StoredBodies | null> {
  const { rows } = await pool.query<StoredBodies>(
    `SELECT ${recipeColumns}, domain_id AS "domainId",
       encode(request_sha256, 'hex') AS "requestSha256", request_content_type AS "requestType",
       encode(response_sha256, 'hex') AS "responseSha256", response_content_type AS "responseType"
     FROM request_bodies WHERE request_id = $1`,
    [requestId],
  )
  return rows[0] ?? null
}

/** Parts that are not there were not kept. */
type Parts = { readonly [Part in PartName]?: Buffer }

async function rebuild(row: StoredBodies, wantedParts: readonly PartName[], options: LoadOptions): Promise<Parts> {
  const { requestId } = row
  const keys = makeDomainKeys(options.encryptionKey ?? env().encryptionKey)(row.domainId)
  const recipes = opened(requestId, () => unsealRecipes(keys, row))
  const roots = wantedParts.flatMap((part) => (recipes[part] ? [[part, recipes[part]] as const] : []))
  const blocks = new Map<BlockHash, BlockContent>()
  // Level by level: a recipe of any length is a few levels deep.
  for (let wanted = unique(roots.flatMap(([, root]) => blocksOf(root))); wanted.length > 0;) {
    const found = await loadContents(requestId, wanted, { ...options, keys })
    for (const [hash, content] of found) blocks.set(hash, content)
    wanted = unique(wanted.flatMap((hash) => childrenOf(blocks.get(hash)))).filter((hash) => !blocks.has(hash))
  }
  return Object.fromEntries(roots.map(([part, root]) => [part, join(root, blocks)]))
}

const unique = (hashes: readonly BlockHash[]) => [...new Set(hashes)]

/** Throws when one of them is gone, or does not open. */
async function loadContents(
  requestId: string,
  hashes: readonly BlockHash[],
  { keys, pool = dashboardPool(), blocks }: LoadOptions & { readonly keys: DomainKeys },
): Promise<[BlockHash, BlockContent][]> {
  const contents = hashes.map((hash) => [hash, blocks?.get(hash)] as const)
  const missing = contents.flatMap(([hash, content]) => (content ? [] : [hash]))
  const found = missing.length === 0 ? null : await loadBlocks(pool, keys, missing)
  return contents.map(([hash, known]) => {
    if (known) return [hash, known]
    const packed = found?.get(hash)
    if (!packed) throw unreadable(requestId, 'one of its blocks is gone')
    const content = opened(requestId, () => unsealBlock(keys, hash, packed))
    blocks?.set(hash, content)
    return [hash, content]
  })
}

async function loadBlocks(pool: Pool, { domainId }: DomainKeys, hashes: readonly BlockHash[]) {
  const { rows } = await pool.query<{ hash: Buffer; codec: number; bytes: Buffer }>(
    `SELECT hash, codec, bytes FROM blocks WHERE domain_id = $1 AND hash IN (
      SELECT substring($2::bytea FROM place FOR ${hashBytes}) FROM generate_series(1, length($2::bytea), ${hashBytes}) AS place)`,
    [domainId, Buffer.from(hashes.join(''), 'latin1')],
  )
  return new Map(rows.map(({ hash, codec, bytes }) => [hash.toString('latin1'), { codec, bytes }]))
}

function opened<T>(requestId: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw unreadable(
      requestId,
      'its blocks do not open: the ENCRYPTION_KEY is not the one it was stored with, or they were changed',
      error,
    )
  }
}

function unreadable(requestId: string, reason: string, cause?: unknown): AppError {
  return new AppError('unavailable', 'The stored content of this request cannot be read.', {
    internal: `request ${requestId}: ${reason}`,
    cause,
  })
}

function childrenOf(content: BlockContent | undefined): readonly BlockHash[] {
  return content?.kind === 'node' ? blocksOf(content.node) : []
}

function join(node: BodyNode, blocks: ReadonlyMap<BlockHash, BlockContent>): Buffer {
  return joinNode(node, (hash) => {
    const content = blocks.get(hash)
    if (!content) throw new Error('a block is missing')
    return content.kind === 'content' ? content.bytes : join(content.node, blocks)
  })
}
