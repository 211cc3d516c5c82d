import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { blocksOf, type BlockHash, type BodyNode } from '@/lib/blocks/body-node'
import type { CollectedBlock } from '@/lib/blocks/collected-block'
import { BlockCollector, SplitMemory } from '@/lib/blocks/collector'
import { makeDomainKeys, type DomainKeys } from '@/lib/blocks/domain-keys'
import { KnownBlocks } from '@/lib/blocks/known-blocks'
import { sealBlock, sealRecipes } from '@/lib/blocks/sealed-part'
import { splitBody } from '@/lib/blocks/split-body'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import type { BodyStore, PreparedBodies } from './body-store'
import { cleanText } from './clean-text'
import type { BodyDrop, Exchange } from './exchange'
import { splitDetail } from './exchange-detail'
import { headerOf } from './header-of'
import { asBuffer } from './journal-payload'
import type { BatchOpening } from './open-batch'
import { insertBlocks, insertBodies, selectAndTouch, type BlockRow, type BodyRow } from './write-bodies'

interface Prepared extends PreparedBodies {
  readonly keys: DomainKeys
  readonly row: BodyRow
  /** What the recipes refer to. */
  readonly roots: readonly BlockHash[]
  readonly collector: BlockCollector
}

interface PostgresBodyStoreOptions {
  readonly encryptionKey?: string
  readonly now?: () => number
  /** `false`: never what was said, whatever the domains allow. */
  readonly keepsContent?: boolean
}

/** From this much on it pays to ask the database first which blocks it has. */
const askAboveBytes = 16 * 1024
const dayMs = 86_400_000
const statementBytes = 8 * 1024 * 1024
const slowPackBytes = 256 * 1024

/** Bodies as sealed blocks, each stored once in its domain, and per request the recipes that join them. */
export class PostgresBodyStore implements BodyStore<Prepared> {
  private readonly keysOf: (domainId: string | null) => DomainKeys
  private readonly known: KnownBlocks
  private readonly memory = new SplitMemory()
  private readonly keepsContent: boolean
  /** Of the blocks, when `known` was last emptied for it. */
  private generation: string | null = null

  constructor(options: PostgresBodyStoreOptions = {}) {
    this.keysOf = makeDomainKeys(options.encryptionKey ?? env().encryptionKey)
    this.known = new KnownBlocks(options.now ?? Date.now)
    this.keepsContent = options.keepsContent ?? true
  }

  async prepare(exchange: Exchange): Promise<Prepared | null> {
    const { caller, requestId, body, requestHeaders } = exchange.begin
    if (caller?.capture === 'off') return null
    const keys = this.keysOf(caller?.domainId ?? null)
    const collector = new BlockCollector(keys, this.memory)
    // Whoever is not let in cannot make us store what he sends.
    const keeps = caller?.capture === 'full' && this.keepsContent
    const keep = async (bytes: Buffer, drop: BodyDrop | null) =>
      keeps && !drop ? { recipe: await this.split(bytes, collector), sha256: hash('sha256', bytes, 'buffer') } : noPart
    const request = await keep(asBuffer(body), exchange.requestDrop)
    const response = await keep(exchange.responseBody, exchange.responseDrop)
    const recipes = { request: request.recipe, response: response.recipe, detail: splitDetail(exchange, collector) }
    return {
      requestId,
      keys,
      roots: Object.values(recipes).flatMap((node) => (node ? blocksOf(node) : [])),
      collector,
      row: {
        requestId,
        domainId: caller?.domainId ?? null,
        requestSha256: request.sha256,
        requestContentType: cleanText(headerOf(requestHeaders, 'content-type'), 200),
        responseSha256: response.sha256,
        responseContentType: cleanText(headerOf(exchange.end.responseHeaders, 'content-type'), 200),
        recipes: sealRecipes(keys, requestId, recipes),
      },
    }
  }

  async write(tx: PoolClient, prepared: readonly Prepared[], { generation }: BatchOpening): Promise<void> {
    if (prepared.length === 0) return
    this.noteGeneration(generation)
    const day = new Date(this.known.today * dayMs).toISOString().slice(0, 10)
    const wanted = new Map<BlockHash, { keys: DomainKeys; block: CollectedBlock }>()
    for (const one of prepared) {
      for (const block of this.unknownOf(one)) wanted.set(block.hash, { keys: one.keys, block })
    }
    for (const present of await this.findPresent(tx, [...wanted.values()], day)) wanted.delete(present)
    await writeBlocks(tx, [...wanted.values()], day)
    await insertBodies(
      tx,
      prepared.map(({ row }) => row),
    )
  }

  committed(prepared: readonly Prepared[]): void {
    for (const one of prepared) this.known.add(this.unknownOf(one))
  }

  distrust(): void {
    this.known.clear()
  }

  private noteGeneration(generation: string | null): void {
    if (generation === this.generation) return
    this.known.clear()
    this.generation = generation
  }

  private unknownOf({ roots, collector }: Prepared): CollectedBlock[] {
    return this.known.unknownOf(roots, (hash) => collector.find(hash))
  }

  /** Cuts a body up; one that cannot be cut is kept whole. */
  private async split(body: Buffer, collector: BlockCollector): Promise<BodyNode> {
    try {
      return await splitBody(body, collector)
    } catch (error) {
      log().error({ error, bytes: body.length }, 'a body could not be cut into blocks; it is stored whole')
      return { kind: 'list', blocks: [], literals: [body] }
    }
  }

  private async findPresent(tx: PoolClient, wanted: readonly WantedBlock[], day: string): Promise<Iterable<BlockHash>> {
    const bytes = wanted.reduce((total, { block }) => total + block.rawBytes, 0)
    if (bytes < askAboveBytes) return []
    const hashes = wanted.map(({ block }) => block.hash)
    return selectAndTouch(tx, hashes, day)
  }
}

const noPart = { recipe: null, sha256: null }

interface WantedBlock {
  readonly keys: DomainKeys
  readonly block: CollectedBlock
}

async function writeBlocks(tx: PoolClient, wanted: readonly WantedBlock[], day: string): Promise<void> {
  const inOrder = [...wanted].sort((one, other) => compare(one.block.hash, other.block.hash))
  let rows: BlockRow[] = []
  let bytes = 0
  let sincePause = 0
  for (const { keys, block } of inOrder) {
    const packed = sealBlock(keys, block.hash, block.content)
    rows.push({ domainId: keys.domainId, hash: block.hash, rawBytes: block.rawBytes, ...packed })
    bytes += packed.bytes.length
    sincePause += block.rawBytes
    if (sincePause > slowPackBytes) {
      sincePause = 0
      await nextTurn()
    }
    if (bytes < statementBytes) continue
    await insertBlocks(tx, rows, day)
    rows = []
    bytes = 0
  }
  await insertBlocks(tx, rows, day)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
