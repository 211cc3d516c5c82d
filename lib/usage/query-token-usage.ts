import { TZDate } from '@date-fns/tz'
import { format, startOfDay, subDays } from 'date-fns'
import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { AppError } from '@/lib/errors'
import { costJson } from '@/lib/money'
import { queryUsage, queryUsageTotal } from './query-usage'
import { filterSql, none, type UsageFilter } from './usage-filter'
import { prepareUsageSource } from './usage-source'
import { costSumOf, noUsage, sumsSql, type UsageSums } from './usage-sums'
import { listUsageStarts } from './usage-buckets'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Throws `not-found` for an account that exists neither now nor in the ledger. */
export async function requireAccountWithUsage(accountId: string): Promise<void> {
  const found = await queryRows(
    `SELECT 1 FROM accounts WHERE account_id = $1
     UNION ALL (SELECT 1 FROM usage_hours WHERE account_id = $1 LIMIT 1)`,
    [accountId],
  )
  if (found.length === 0) throw new AppError('not-found', 'There is no account with this accountId.')
}

/** Tokens and dollars in the spelling of `/api/token-usage/*`. */
export function tokenUsageJson(sums: UsageSums) {
  return {
    totalInputTokens: sums.inputTokens,
    totalOutputTokens: sums.outputTokens,
    totalTokens: sums.inputTokens + sums.outputTokens,
    totalRequests: sums.requests,
    cacheCreationInputTokens: sums.cacheCreationInputTokens,
    cacheReadInputTokens: sums.cacheReadInputTokens,
    ...costJson(costSumOf(sums)),
  }
}

interface CurrentQuestion {
  readonly accountId: string
  readonly windowMinutes: number
  readonly domain?: string
  readonly model?: string
  readonly now: Date
}

/** The rolling window of an account that ends now, to the millisecond. */
export async function queryCurrentUsage({ accountId, windowMinutes, domain, model, now }: CurrentQuestion) {
  const from = new Date(now.getTime() - windowMinutes * minuteMs)
  const filter = { accountId: [accountId], ...listOf('domain', domain), ...listOf('model', model) }
  const sums = await queryUsageTotal({ from, to: now, filter })
  return {
    accountId,
    domain: domain ?? 'all',
    model: model ?? 'all',
    windowStart: from.toISOString(),
    windowEnd: now.toISOString(),
    ...tokenUsageJson(sums),
  }
}

interface DailyQuestion {
  readonly accountId: string
  readonly days: number
  readonly domain?: string
  readonly isAggregated: boolean
  readonly timeZone: string
  readonly now: Date
}

/** Days of a time zone with usage, newest first, today included; by domain and model unless aggregated. */
export async function queryDailyUsage(question: DailyQuestion) {
  const { accountId, domain, timeZone, now, isAggregated } = question
  const from = new Date(startOfDay(subDays(new TZDate(now, timeZone), question.days - 1)).getTime())
  const period = { from, to: now, starts: listUsageStarts('day', { from, to: now }, timeZone) }
  const filter = { accountId: [accountId], ...listOf('domain', domain) }
  const rows = await queryDays({ ...period, filter, isAggregated })
  return rows.map(({ day, domain: rowDomain, model, ...sums }) => ({
    date: format(new TZDate(period.starts[day] ?? from, timeZone), 'yyyy-MM-dd'),
    accountId,
    domain: isAggregated ? (domain ?? 'all') : rowDomain || none,
    ...(isAggregated ? {} : { model: model || none }),
    ...tokenUsageJson(sums),
  }))
}

interface DayRow extends UsageSums {
  day: number
  domain: string
  model: string
}

interface DaysQuestion {
  readonly from: Date
  readonly to: Date
  readonly starts: readonly Date[]
  readonly filter: UsageFilter
  readonly isAggregated: boolean
}

async function queryDays(question: DaysQuestion): Promise<DayRow[]> {
  const { parameters, parameter } = collectParameters()
  const apart = question.isAggregated ? `'' AS domain, '' AS model` : 'domain, model'
  const rows = await queryRows<DayRow>(
    `SELECT width_bucket(at, ${parameter(question.starts)}::timestamptz[]) - 1 AS day, ${apart}, ${sumsSql}
     FROM ${await prepareUsageSource(question, parameter)} WHERE ${filterSql(question.filter, parameter)}
     GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3`,
    parameters,
  )
  return rows
}

interface SeriesQuestion {
  readonly accountId: string
  readonly windowHours: number
  readonly intervalMinutes: number
  readonly now: Date
}

/** Equal steps that end with the one that runs now; steps without a request are there, with zeros. */
export async function queryTimeSeries({ accountId, windowHours, intervalMinutes, now }: SeriesQuestion) {
  const stepMs = intervalMinutes * minuteMs
  const count = Math.ceil((windowHours * hourMs) / stepMs)
  const lastMs = Math.floor(now.getTime() / stepMs) * stepMs
  const starts = Array.from({ length: count }, (_, index) => new Date(lastMs - (count - 1 - index) * stepMs))
  const from = starts[0] ?? now
  const { cells } = await queryUsage({ from, to: now, starts, filter: { accountId: [accountId] }, groupBy: null })
  const byBucket = new Map(cells.map((cell) => [cell.bucket, cell]))
  return {
    accountId,
    windowHours,
    intervalMinutes,
    timeSeries: starts.map((start, index) => stepJson(start, byBucket.get(index) ?? noUsage)),
  }
}

function stepJson(start: Date, sums: UsageSums) {
  return {
    time: start.toISOString(),
    inputTokens: sums.inputTokens,
    outputTokens: sums.outputTokens,
    cacheReadTokens: sums.cacheReadInputTokens,
    cacheCreationTokens: sums.cacheCreationInputTokens,
    requests: sums.requests,
    ...costJson(costSumOf(sums)),
  }
}

const listOf = (name: 'domain' | 'model', value: string | undefined) => (value === undefined ? {} : { [name]: [value] })
