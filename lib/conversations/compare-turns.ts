import { costOf } from '@/lib/claude/cost'
import type { JsonRecord } from '@/lib/claude/json'
import type { PriceBook } from '@/lib/claude/price-book'
import { queryRows } from '@/lib/dashboard-query'
import { isUuid } from '@/lib/ids'
import { usdOfMicroUsd } from '@/lib/money'
import { comparePrompts, type PromptComparison } from './compare-prompts'
import { explainCache, type CacheVerdict, type TurnUsage } from './explain-cache'
import { loadThread } from './load-thread'
import { readUpstreamFinding, type UpstreamFinding } from './upstream-finding'

/** A turn beside the one it goes on from. */
export interface TurnComparison {
  readonly requestId: string
  readonly parentRequestId: string | null
  /** null = no turn before, or one of the two was not kept. */
  readonly comparison: PromptComparison | null
  readonly cache: CacheVerdict
  /** What the break cost over reading the cache; null = nothing was lost, or no price is known. */
  readonly lostCostUsd: string | null
  /** The upstream's own finding, when the client asked for it. */
  readonly upstream: UpstreamFinding | null
}

interface TurnRow extends Omit<TurnUsage, 'atMs' | 'cacheMinutes'> {
  readonly createdAt: Date
  readonly cache1hTokens: number
  readonly parentRequestId: string | null
}

const shortLife = 5
const longLife = 60

/** null = no such request. Throws AppError when stored content cannot be read. */
export async function compareWithParent(requestId: string, book: PriceBook): Promise<TurnComparison | null> {
  const row = isUuid(requestId) ? await loadTurn(requestId) : null
  if (!row) return null
  const parent = row.parentRequestId === null ? null : await loadTurn(row.parentRequestId)
  const [now, before] = [usageOf(row), parent && usageOf(parent)]
  const [own, earlier] = await Promise.all([
    loadThread(requestId),
    row.parentRequestId === null ? null : loadThread(row.parentRequestId),
  ])
  const comparison = own.body && earlier?.body ? comparePrompts(earlier.body, own.body) : null
  const cache = explainCache({ now, before, comparison })
  return {
    requestId,
    parentRequestId: row.parentRequestId,
    comparison,
    cache,
    lostCostUsd: lostCost(cache.lostTokens, now, book),
    upstream: readUpstreamFinding(own.answer),
  }
}

async function loadTurn(requestId: string): Promise<TurnRow | null> {
  const [row] = await queryRows<TurnRow>(
    `SELECT created_at AS "createdAt", model, account_id AS "accountId", branch_id AS "branchId",
       parent_request_id AS "parentRequestId", coalesce(input_tokens, 0)::float8 AS "inputTokens",
       coalesce(cache_creation_input_tokens, 0)::float8 AS "cacheCreationInputTokens",
       coalesce(cache_creation_1h_input_tokens, 0)::float8 AS "cache1hTokens",
       coalesce(cache_read_input_tokens, 0)::float8 AS "cacheReadInputTokens"
     FROM api_requests WHERE request_id = $1`,
    [requestId],
  )
  return row ?? null
}

function usageOf({ createdAt, cache1hTokens, ...row }: TurnRow): TurnUsage {
  return { ...row, atMs: createdAt.getTime(), cacheMinutes: cache1hTokens > 0 ? longLife : shortLife }
}

/** Tokens written to the cache again, against the same tokens read from it. */
function lostCost(
  tokens: number,
  { model, atMs, cacheCreationInputTokens }: TurnUsage,
  book: PriceBook,
): string | null {
  if (tokens === 0) return null
  const price = (usage: JsonRecord) => costOf({ model, usage, at: new Date(atMs), book }).costMicroUsd
  const written = Math.min(tokens, cacheCreationInputTokens)
  const paid = price({ input_tokens: tokens - written, cache_creation_input_tokens: written, output_tokens: 0 })
  const wouldBe = price({ input_tokens: 0, cache_read_input_tokens: tokens, output_tokens: 0 })
  return paid === null || wouldBe === null ? null : usdOfMicroUsd(Number(paid - wouldBe))
}
