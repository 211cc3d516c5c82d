import { costJson } from '@/lib/money'
import { buildCsv } from '@/lib/csv'
import type { ExplorerQuestion } from './query-explorer'
import { queryUsage } from './query-usage'
import { chooseUsageBucket, coarsenBucket, listUsageStarts } from './usage-buckets'
import { costSumOf } from './usage-sums'

interface ExportedRow {
  readonly start: string
  readonly group: string
  readonly requests: number
  readonly errors: number
  readonly inputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  readonly outputTokens: number
  readonly thinkingTokens: number
  readonly costUsd: string | null
  readonly costConfidence: string
  readonly unpricedRequests: number
}

const columns = [
  'start',
  'group',
  'requests',
  'errors',
  'inputTokens',
  'cacheCreationInputTokens',
  'cacheReadInputTokens',
  'outputTokens',
  'thinkingTokens',
  'costUsd',
  'costConfidence',
  'unpricedRequests',
] as const satisfies readonly (keyof ExportedRow)[]

/** So that a file stays one that a spreadsheet opens. */
const mostRows = 50_000

/** The figures behind the usage page, a row for each bucket and group, whatever the chart shows of them. */
export async function queryExport(question: ExplorerQuestion): Promise<ExportedRow[]> {
  const { from, to, timeZone, groupBy, filter } = question
  const bucket = question.bucket ? coarsenBucket(question.bucket, { from, to }) : chooseUsageBucket({ from, to })
  const starts = listUsageStarts(bucket, { from, to }, timeZone)
  const { cells } = await queryUsage({
    ...{ from, to, starts, filter },
    groupBy: groupBy === 'tokenKind' ? null : groupBy,
    top: { count: Math.floor(mostRows / starts.length), by: 'costMicroUsd' },
  })
  return cells.map((cell) => ({
    start: starts[cell.bucket]?.toISOString() ?? '',
    group: cell.group ?? '(other)',
    requests: cell.requests,
    errors: cell.errors,
    inputTokens: cell.inputTokens,
    cacheCreationInputTokens: cell.cacheCreationInputTokens,
    cacheReadInputTokens: cell.cacheReadInputTokens,
    outputTokens: cell.outputTokens,
    thinkingTokens: cell.thinkingTokens,
    ...costJson(costSumOf(cell)),
    unpricedRequests: cell.unpricedRequests,
  }))
}

export function csvOf(rows: readonly ExportedRow[]): string {
  return buildCsv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  )
}
