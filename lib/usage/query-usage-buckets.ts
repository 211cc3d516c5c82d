import { costJson } from '@/lib/money'
import { queryUsage, type UsageCell } from './query-usage'
import type { UsageQuery } from './question-schemas'
import { coarsenBucket, listUsageStarts } from './usage-buckets'
import { filterOf } from './usage-filter'
import { costSumOf } from './usage-sums'

/** So that an answer stays below ten megabytes. */
const mostCells = 20_000

/** The answer of `GET /api/usage`: what is beyond the largest groups of a long answer is one group more, `(other)`. */
export async function queryUsageBuckets(query: UsageQuery) {
  const { from, to, tz, groupBy } = query
  const bucket = coarsenBucket(query.bucket, { from, to })
  const starts = listUsageStarts(bucket, { from, to }, tz)
  const usage = await queryUsage({
    ...{ from, to, starts, groupBy: groupBy ?? null },
    filter: filterOf(query),
    top: { count: Math.max(1, Math.floor(mostCells / starts.length)), by: 'costMicroUsd' },
  })
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    bucket,
    groupBy: query.groupBy ?? null,
    groupCount: usage.groupCount,
    buckets: usage.cells.map((cell) => cellJson(cell, starts)),
  }
}

function cellJson(cell: UsageCell, starts: readonly Date[]) {
  return {
    start: starts[cell.bucket]?.toISOString(),
    group: cell.group ?? '(other)',
    requests: cell.requests,
    errors: cell.errors,
    inputTokens: cell.inputTokens,
    outputTokens: cell.outputTokens,
    cacheReadTokens: cell.cacheReadInputTokens,
    cacheCreationTokens: cell.cacheCreationInputTokens,
    thinkingTokens: cell.thinkingTokens,
    ...costJson(costSumOf(cell)),
    unpricedRequests: cell.unpricedRequests,
  }
}
