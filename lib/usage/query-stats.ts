import { collectParameters, queryRows } from '@/lib/dashboard-query'
import type { CostConfidence } from '@/lib/claude/cost'
import { costJson } from '@/lib/money'
import { prepareUsageSource } from './usage-source'

/** The figures of `GET /api/stats`. */
interface Stats {
  readonly totalRequests: number
  readonly totalTokens: number
  readonly totalInputTokens: number
  readonly totalOutputTokens: number
  readonly totalCacheCreationTokens: number
  readonly totalCacheReadTokens: number
  /** Milliseconds; null = no request. */
  readonly averageResponseTime: number | null
  readonly errorCount: number
  /** How many domains made a request; refused strangers have none. */
  readonly activeDomains: number
  readonly requestsByModel: Readonly<Record<string, number>>
  readonly requestsByType: Readonly<Record<string, number>>
  /** null = nothing of it has a price. */
  readonly costUsd: string | null
  readonly costConfidence: CostConfidence
}

interface StatsPeriod {
  readonly from: Date
  readonly to: Date
  readonly domains?: readonly string[]
}

interface StatsRow {
  model: string
  kind: string
  domains: string[]
  requests: number
  errors: number
  inputTokens: number
  outputTokens: number
  cacheCreationTokens: number
  cacheReadTokens: number
  costMicroUsd: number
  unpricedRequests: number
  estimatedRequests: number
  responseTimeMs: number
}

/** What happened between two instants, in some domains or, when none is named, in all. */
export async function queryStats({ from, to, domains = [] }: StatsPeriod): Promise<Stats> {
  const { parameters, parameter } = collectParameters()
  const rows = await queryRows<StatsRow>(
    `SELECT model, kind, coalesce(array_agg(DISTINCT domain) FILTER (WHERE domain <> ''), '{}') AS domains, sum(requests)::float8 AS requests,
       sum(errors)::float8 AS errors, sum(input_tokens)::float8 AS "inputTokens",
       sum(output_tokens)::float8 AS "outputTokens", sum(cache_creation_input_tokens)::float8 AS "cacheCreationTokens",
       sum(cache_read_input_tokens)::float8 AS "cacheReadTokens", sum(cost_micro_usd)::float8 AS "costMicroUsd",
       sum(unpriced_requests)::float8 AS "unpricedRequests", sum(estimated_requests)::float8 AS "estimatedRequests",
       sum(response_time_ms)::float8 AS "responseTimeMs"
     FROM ${await prepareUsageSource({ from, to }, parameter)}
     WHERE ${domains.length === 0 ? 'true' : `domain = ANY(${parameter(domains)}::text[])`} GROUP BY model, kind`,
    parameters,
  )
  return readStats(rows)
}

function readStats(rows: readonly StatsRow[]): Stats {
  const total = (name: Exclude<keyof StatsRow, 'model' | 'kind' | 'domains'>) =>
    rows.reduce((sum, row) => sum + row[name], 0)
  const requests = total('requests')
  return {
    totalRequests: requests,
    totalTokens: total('inputTokens') + total('outputTokens'),
    totalInputTokens: total('inputTokens'),
    totalOutputTokens: total('outputTokens'),
    totalCacheCreationTokens: total('cacheCreationTokens'),
    totalCacheReadTokens: total('cacheReadTokens'),
    averageResponseTime: requests === 0 ? null : Math.round(total('responseTimeMs') / requests),
    errorCount: total('errors'),
    activeDomains: new Set(rows.flatMap((row) => row.domains)).size,
    requestsByModel: countBy(rows, (row) => row.model || 'none'),
    requestsByType: countBy(rows, (row) => row.kind),
    ...costJson({
      costMicroUsd: total('costMicroUsd'),
      unpriced: total('unpricedRequests'),
      estimated: total('estimatedRequests'),
    }),
  }
}

function countBy(rows: readonly StatsRow[], nameOf: (row: StatsRow) => string): Record<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.requests)
  // A model may be named __proto__; fromEntries defines it as a plain property.
  return Object.fromEntries(counts)
}
