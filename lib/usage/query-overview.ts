import { collectParameters, queryRows, type Parameter } from '@/lib/dashboard-query'
import { bucketSql, listBucketStarts, type TimeBucket } from '@/lib/time-buckets'
import { queryFirstRecordedAt } from './kept-since'
import { prepareUsageSource } from './usage-source'
import type { UsageSums } from './usage-sums'

/** What a period cost and carried. */
export type UsageTotals = Omit<UsageSums, 'thinkingTokens' | 'responseTimeMs'>

/** The usage of one model in one bucket; model '' = the call named none. */
export interface UsageSlice extends UsageTotals {
  readonly start: Date
  readonly model: string
}

export interface Overview {
  readonly slices: readonly UsageSlice[]
  /** The period of the same length just before. */
  readonly previous: UsageTotals
  /** When recording began; null = nothing was ever recorded. */
  readonly firstRecordedAt: Date | null
}

export interface OverviewPeriod {
  readonly from: Date
  readonly to: Date
  readonly bucket: TimeBucket
  /** Only these domains; none named = all. */
  readonly domains?: readonly string[]
}

/** Periods up to this long are cut finer than the hours of the roll-up. */
const finestHours = 6

const totalsSql = `
  coalesce(sum(requests), 0)::float8 AS requests, coalesce(sum(errors), 0)::float8 AS errors,
  coalesce(sum(input_tokens), 0)::float8 AS "inputTokens", coalesce(sum(output_tokens), 0)::float8 AS "outputTokens",
  coalesce(sum(cache_creation_input_tokens), 0)::float8 AS "cacheCreationInputTokens",
  coalesce(sum(cache_read_input_tokens), 0)::float8 AS "cacheReadInputTokens",
  coalesce(sum(cost_micro_usd), 0)::float8 AS "costMicroUsd",
  coalesce(sum(unpriced_requests), 0)::float8 AS "unpricedRequests",
  coalesce(sum(estimated_requests), 0)::float8 AS "estimatedRequests"`

/** Everything the overview draws of usage: by bucket and model, with the period before for comparison. */
export async function queryOverview(period: OverviewPeriod): Promise<Overview> {
  const [slices, previous, firstRecordedAt] = await Promise.all([
    querySlices(period),
    queryTotals(periodBefore(period)),
    queryFirstRecordedAt(),
  ])
  return { slices, previous, firstRecordedAt }
}

export function periodBefore<P extends { from: Date; to: Date }>(period: P): P {
  const lengthMs = period.to.getTime() - period.from.getTime()
  return { ...period, from: new Date(period.from.getTime() - lengthMs), to: period.from }
}

async function querySlices(period: OverviewPeriod): Promise<UsageSlice[]> {
  const { parameters, parameter } = collectParameters()
  const start = bucketSql('at', period, parameter)
  const cut = { ...period, starts: listBucketStarts(period, period.bucket) }
  return queryRows<UsageSlice>(
    `SELECT ${start} AS start, model, ${totalsSql} FROM ${await prepareUsageSource(cut, parameter, finestHours)}
     WHERE ${domainSql(period.domains, parameter)} GROUP BY 1, 2 ORDER BY 1, 2`,
    parameters,
  )
}

async function queryTotals(period: OverviewPeriod): Promise<UsageTotals> {
  const { parameters, parameter } = collectParameters()
  const [totals] = await queryRows<UsageTotals>(
    `SELECT ${totalsSql} FROM ${await prepareUsageSource(period, parameter, finestHours)} WHERE ${domainSql(period.domains, parameter)}`,
    parameters,
  )
  return totals as UsageTotals
}

function domainSql(domains: readonly string[] = [], parameter: Parameter): string {
  return domains.length === 0 ? 'true' : `domain = ANY(${parameter(domains)}::text[])`
}
