import type { Pool, PoolClient } from 'pg'
import { costOf, type Cost, type CostConfidence } from '@/lib/claude/cost'
import { normaliseModel } from '@/lib/claude/model-name'
import { unpackUsage, type UsageCounters } from '@/lib/claude/packed-usage'
import type { PriceBook } from '@/lib/claude/price-book'
import { idsBetween } from '@/lib/ids'

export interface RerateQuestion {
  readonly from: Date
  readonly to: Date
  /** Only requests that used this model; null = all. */
  readonly model: string | null
  readonly book: PriceBook
}

export interface RerateSums {
  readonly requests: number
  readonly changedRequests: number
  readonly unpricedBefore: number
  readonly unpricedAfter: number
  readonly costBeforeMicroUsd: bigint
  readonly costAfterMicroUsd: bigint
}

export const noRerate: RerateSums = {
  requests: 0,
  changedRequests: 0,
  unpricedBefore: 0,
  unpricedAfter: 0,
  costBeforeMicroUsd: 0n,
  costAfterMicroUsd: 0n,
}

/** A recorded request, as far as its cost goes. */
interface RatedRow extends UsageCounters {
  readonly requestId: string
  readonly createdAt: Date
  readonly model: string | null
  /** As `packUsage` made it. */
  readonly usageJson: string
  readonly stopReason: string | null
  readonly isStreaming: boolean
  readonly costMicroUsd: bigint | null
  readonly costConfidence: CostConfidence
}

/** What a row cost and what it costs now. */
export interface Rerated {
  readonly row: RatedRow
  readonly cost: Cost
}

const counterColumns = `input_tokens::float8 AS "inputTokens", output_tokens::float8 AS "outputTokens",
  cache_creation_input_tokens::float8 AS "cacheCreationInputTokens",
  cache_creation_1h_input_tokens::float8 AS "cacheCreation1hTokens", cache_read_input_tokens::float8 AS "cacheReadInputTokens"`
const batchSize = 2_000

interface Batch {
  readonly rerated: readonly Rerated[]
  /** Where the next batch begins; null = this was the last. */
  readonly cursor: string | null
}

/** The next requests below the cursor, newest first, at the prices of the book. `lock` keeps others from changing them. */
export async function rateBatch(
  client: Pool | PoolClient,
  question: RerateQuestion,
  { cursor, lock }: { cursor: string | null; lock: boolean },
): Promise<Batch> {
  const { firstId, endId } = idsBetween(question.from, question.to)
  const { rows } = await client.query<Omit<RatedRow, 'costMicroUsd'> & { costMicroUsd: string | null }>(
    `SELECT request_id AS "requestId", created_at AS "createdAt", model, usage_json AS "usageJson",
       stop_reason AS "stopReason", is_streaming AS "isStreaming", ${counterColumns},
       cost_micro_usd AS "costMicroUsd", cost_confidence AS "costConfidence"
     FROM api_requests
     WHERE request_id >= $1 AND request_id < $2 AND created_at >= $3 AND created_at < $4 AND usage_json IS NOT NULL
     ORDER BY request_id DESC LIMIT ${batchSize} ${lock ? 'FOR UPDATE' : ''}`,
    [firstId, cursor ?? endId, question.from, question.to],
  )
  const rated = rows.map((row) => ({
    ...row,
    costMicroUsd: row.costMicroUsd === null ? null : BigInt(row.costMicroUsd),
  }))
  const wanted = rated.filter((row) => usesModel(row, question.model))
  return {
    rerated: wanted.map((row) => ({ row, cost: costOfRow(row, question.book) })),
    cursor: rows.length === batchSize ? (rows.at(-1)?.requestId ?? null) : null,
  }
}

/** A request is billed at its own model and, with iterations, at those that the usage names. */
function usesModel({ model, usageJson }: RatedRow, wanted: string | null): boolean {
  if (wanted === null || (model !== null && normaliseModel(model) === wanted)) return true
  return usageJson.includes('"iterations"') && usageJson.includes(wanted)
}

function costOfRow(row: RatedRow, book: PriceBook): Cost {
  return costOf({
    model: row.model,
    usage: unpackUsage(row.usageJson, row),
    at: row.createdAt,
    book,
    estimatedOutputTokens: isCutOff(row) ? row.outputTokens : null,
    isRefusedBeforeOutput: isRefusedBeforeOutput(row),
  })
}

/** The reason to stop arrives with the final numbers: a stream without one ended before them. */
const isCutOff = ({ isStreaming, stopReason }: RatedRow) => isStreaming && stopReason === null

/** Such an answer was free, or it shows no output. */
function isRefusedBeforeOutput({ stopReason, costMicroUsd, outputTokens }: RatedRow): boolean {
  return stopReason === 'refusal' && (costMicroUsd === 0n || outputTokens === 0)
}

export function hasChanged({ row, cost }: Rerated): boolean {
  return row.costMicroUsd !== cost.costMicroUsd || row.costConfidence !== cost.confidence
}

export function addRerated(sums: RerateSums, rerated: readonly Rerated[]): RerateSums {
  const count = (test: (one: Rerated) => boolean) => rerated.filter(test).length
  const sum = (costIn: (one: Rerated) => bigint | null) =>
    rerated.reduce((total, one) => total + (costIn(one) ?? 0n), 0n)
  return {
    requests: sums.requests + rerated.length,
    changedRequests: sums.changedRequests + count(hasChanged),
    unpricedBefore: sums.unpricedBefore + count(({ row }) => row.costConfidence === 'unpriced'),
    unpricedAfter: sums.unpricedAfter + count(({ cost }) => cost.confidence === 'unpriced'),
    costBeforeMicroUsd: sums.costBeforeMicroUsd + sum(({ row }) => row.costMicroUsd),
    costAfterMicroUsd: sums.costAfterMicroUsd + sum(({ cost }) => cost.costMicroUsd),
  }
}
