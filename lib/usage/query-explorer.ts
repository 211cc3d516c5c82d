import { queryRows } from '@/lib/dashboard-query'
import { nextStart } from '@/lib/time-buckets'
import { queryBudgets, type Budget } from './budgets'
import { queryFirstRecordedAt } from './kept-since'
import { queryUsage, type UsageCell } from './query-usage'
import { chooseUsageBucket, coarsenBucket, listUsageStarts, timeBucketOf, type BucketName } from './usage-buckets'
import { none, type UsageFilter, type UsageGroup } from './usage-filter'
import { metricKinds, ofTokenKind, rankOf, tokenKinds, type UsageMetric } from './usage-metrics'
import { addUsage, type UsageSums } from './usage-sums'

type ExplorerGroup = UsageGroup | 'tokenKind'

export interface ExplorerQuestion {
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  readonly metric: UsageMetric
  readonly groupBy: ExplorerGroup | null
  /** null = what a chart shows well. */
  readonly bucket: BucketName | null
  readonly filter: UsageFilter
  /** Also the period of the same length just before. */
  readonly isCompared: boolean
}

/** A course over time and what it adds up to. */
export interface Course {
  readonly sums: UsageSums
  /** The metric by bucket; null = nothing to divide by. */
  readonly values: readonly (number | null)[]
}

interface ExplorerLine extends Course {
  readonly key: string
  readonly name: string
}

export interface Explorer {
  readonly from: Date
  readonly to: Date
  readonly asOf: Date
  readonly timeZone: string
  readonly metric: UsageMetric
  readonly groupBy: ExplorerGroup | null
  readonly bucket: BucketName
  /** Where buckets begin, and where the last one ends. */
  readonly edges: readonly Date[]
  readonly firstRecordedAt: Date | null
  /** The largest by the metric, largest first. */
  readonly lines: readonly ExplorerLine[]
  /** All smaller ones together; null = there are none. */
  readonly rest: (Course & { readonly count: number }) | null
  readonly total: Course
  readonly previous: Course | null
  /** Models without a price, and how many requests they had. */
  readonly unpriced: readonly { readonly model: string; readonly requests: number }[]
  readonly budgets: readonly Budget[]
}

const mostLines = 50

/** Everything the usage page draws. */
export async function queryExplorer(question: ExplorerQuestion): Promise<Explorer> {
  const { from, to, metric, groupBy, timeZone, filter } = question
  const bucket = question.bucket ? coarsenBucket(question.bucket, { from, to }) : chooseUsageBucket({ from, to })
  const starts = listUsageStarts(bucket, { from, to }, timeZone)
  const period = { from, to, starts, filter }
  const [usage, previous, firstRecordedAt, budgets] = await Promise.all([
    queryUsage({
      ...period,
      groupBy: groupBy === 'tokenKind' ? null : groupBy,
      top: { count: mostLines, by: metricKinds[metric].rankBy },
    }),
    question.isCompared ? queryPrevious(question, starts) : null,
    queryFirstRecordedAt(),
    queryBudgets(filter),
  ])
  const toCourse = (cells: readonly UsageCell[]) => courseOf(cells, { count: starts.length, metric })
  const named = usage.cells.filter(({ group }) => group !== null)
  const rest = usage.cells.filter(({ group }) => group === null)
  const total = toCourse(usage.cells)
  const unpriced = total.sums.unpricedRequests === 0 ? [] : await queryUnpriced(question)
  return {
    ...{ from, to, asOf: new Date(), timeZone, metric, groupBy, bucket, firstRecordedAt, unpriced, budgets },
    edges: [...starts, endOf(bucket, { starts, to, timeZone })],
    lines:
      groupBy === 'tokenKind'
        ? tokenLines(usage.cells, starts.length)
        : await groupLines(named, { groupBy, metric }, toCourse),
    rest: rest.length === 0 ? null : { ...toCourse(rest), count: usage.groupCount - mostLines },
    total,
    previous: previous && toCourse(previous),
  }
}

function endOf(
  bucket: BucketName,
  { starts, to, timeZone }: { starts: readonly Date[]; to: Date; timeZone: string },
): Date {
  const last = starts.at(-1)
  return bucket === 'total' || !last ? to : nextStart(last, timeBucketOf(bucket, timeZone))
}

/** Cells of several groups in one bucket are added. */
function courseOf(cells: readonly UsageCell[], { count, metric }: { count: number; metric: UsageMetric }): Course {
  const byBucket = new Map<number, UsageCell[]>()
  for (const cell of cells) byBucket.set(cell.bucket, [...(byBucket.get(cell.bucket) ?? []), cell])
  const { valueOf } = metricKinds[metric]
  const values = Array.from({ length: count }, (_, bucket) => valueOf(addUsage(byBucket.get(bucket) ?? [])))
  return { sums: addUsage(cells), values }
}

function tokenLines(cells: readonly UsageCell[], count: number): ExplorerLine[] {
  return tokenKinds.map(({ key, name, column }) => {
    const own = cells.map((cell) => ({ ...cell, ...ofTokenKind(cell, column) }))
    return { key, name, ...courseOf(own, { count, metric: 'tokens' }) }
  })
}

async function groupLines(
  cells: readonly UsageCell[],
  { groupBy, metric }: { groupBy: UsageGroup | null; metric: UsageMetric },
  toCourse: (cells: readonly UsageCell[]) => Course,
): Promise<ExplorerLine[]> {
  const groups = new Map<string, UsageCell[]>()
  for (const cell of cells) groups.set(cell.group ?? '', [...(groups.get(cell.group ?? '') ?? []), cell])
  const names = await queryNames(groupBy, [...groups.keys()])
  const lines = [...groups].map(([key, own]) => ({ key, name: names.get(key) ?? key, ...toCourse(own) }))
  return lines.sort((a, b) => rankOf(metric, b.sums) - rankOf(metric, a.sums))
}

const nameQueries: Partial<Record<UsageGroup, string>> = {
  accountId: 'SELECT account_id AS key, name FROM accounts WHERE account_id = ANY($1)',
  clientKeyId: `SELECT k.id::text AS key, k.name || ' (' || d.name || ')' AS name
    FROM client_keys k JOIN domains d ON d.id = k.domain_id WHERE k.id::text = ANY($1)`,
}

/** What people call accounts and client keys; other groups are their own names. */
async function queryNames(groupBy: UsageGroup | null, keys: readonly string[]): Promise<Map<string, string>> {
  const sql = groupBy === null ? undefined : nameQueries[groupBy]
  const rows = sql ? await queryRows<{ key: string; name: string }>(sql, [keys]) : []
  const nothing = groupBy === null ? [] : [[none, `no ${groupNouns[groupBy]}`] as const]
  return new Map([...rows.map(({ key, name }) => [key, name] as const), ...nothing])
}

const groupNouns: Record<UsageGroup, string> = {
  domain: 'domain',
  accountId: 'account',
  clientKeyId: 'client key',
  model: 'model',
  kind: 'kind',
}

/** The same buckets, one period's length earlier. */
async function queryPrevious(
  { from, to, filter }: ExplorerQuestion,
  starts: readonly Date[],
): Promise<readonly UsageCell[]> {
  const lengthMs = to.getTime() - from.getTime()
  const earlier = (at: Date) => new Date(at.getTime() - lengthMs)
  const { cells } = await queryUsage({
    ...{ from: earlier(from), to: from, starts: starts.map(earlier), filter, groupBy: null },
  })
  return cells
}

async function queryUnpriced({ from, to, filter }: ExplorerQuestion) {
  const { cells } = await queryUsage({
    ...{ from, to, starts: [from], filter, groupBy: 'model' },
    top: { count: 100, by: 'unpricedRequests' },
  })
  const isModel = (cell: UsageCell) => cell.unpricedRequests > 0 && cell.group !== null && cell.group !== none
  return cells.filter(isModel).map((cell) => ({ model: cell.group ?? '', requests: cell.unpricedRequests }))
}
