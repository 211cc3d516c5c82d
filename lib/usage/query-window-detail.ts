import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { idsBetween } from '@/lib/ids'
import { buildPastWindows, type ObservedWindow, type PastWindow } from './past-windows'
import { queryUsage } from './query-usage'
import { prepareUsageSource } from './usage-source'
import { noUsage, type UsageSums } from './usage-sums'

const dayMs = 86_400_000
/** Enough time for fourteen windows of an account that is used every few days. */
const lookBackMs = 28 * dayMs
const windowCount = 14

export interface TimelineWindow extends PastWindow {
  readonly usage: UsageSums
}

/** The last fourteen five-hour windows of an account, oldest first, with what was used in each. */
export async function queryTimeline(accountId: string, now: Date): Promise<TimelineWindow[]> {
  const [activeHours, observed] = await Promise.all([queryActiveHours(accountId, now), queryObserved(accountId, now)])
  const windows = buildPastWindows({ activeHours, observed }, windowCount)
  const starts = [...new Set(windows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b)
  const period = { from: new Date(starts[0] ?? now), to: new Date(Math.min(starts.at(-1) ?? 0, now.getTime())) }
  if (windows.length === 0 || period.from >= period.to) return []
  const dates = starts.map((start) => new Date(start))
  const { cells } = await queryUsage({ ...period, starts: dates, filter: { accountId: [accountId] }, groupBy: null })
  return windows.map((window) => {
    const bucket = starts.indexOf(window.fromMs)
    return { ...window, usage: cells.find((cell) => cell.bucket === bucket) ?? noUsage }
  })
}

async function queryActiveHours(accountId: string, now: Date): Promise<number[]> {
  const rows = await queryRows<{ hour: Date }>(
    'SELECT DISTINCT hour FROM usage_hours WHERE account_id = $1 AND hour >= $2 AND hour <= $3 ORDER BY hour',
    [accountId, new Date(now.getTime() - lookBackMs), now],
  )
  return rows.map(({ hour }) => hour.getTime())
}

async function queryObserved(accountId: string, now: Date): Promise<ObservedWindow[]> {
  const rows = await queryRows<{ resetsAt: Date; utilization: number }>(
    `SELECT resets_at AS "resetsAt", utilization FROM account_windows
     WHERE account_id = $1 AND window_name = '5h' AND resets_at >= $2 AND resets_at < $3`,
    [accountId, new Date(now.getTime() - lookBackMs), new Date(now.getTime() + dayMs)],
  )
  return rows.map(({ resetsAt, utilization }) => ({ resetsAtMs: resetsAt.getTime(), utilization }))
}

/** Cost by weekday (Monday first) and hour of the day in a time zone, over the last four weeks. Micro-dollars. */
export async function queryHeatMap(
  accountId: string,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<number[][]> {
  const rows = await queryRows<{ day: number; hour: number; cost: number }>(
    `SELECT extract(isodow FROM hour AT TIME ZONE $3)::int AS day, extract(hour FROM hour AT TIME ZONE $3)::int AS hour,
       sum(cost_micro_usd)::float8 AS cost
     FROM usage_hours WHERE account_id = $1 AND hour >= $2 GROUP BY 1, 2`,
    [accountId, new Date(now.getTime() - lookBackMs), timeZone],
  )
  const week = Array.from({ length: 7 }, () => new Array<number>(24).fill(0))
  for (const { day, hour, cost } of rows) (week[day - 1] as number[])[hour] = cost
  return week
}

export interface Burner {
  readonly domain: string
  readonly clientKeyId: string
  /** null = calls without a key, or one that was deleted. */
  readonly clientKeyName: string | null
  readonly requests: number
  readonly tokens: number
  readonly costMicroUsd: number
  readonly unpricedRequests: number
  readonly estimatedRequests: number
}

export interface BurningConversation {
  readonly domain: string
  readonly clientKeyId: string
  readonly conversationId: string
  readonly requests: number
  readonly tokens: number
  readonly costMicroUsd: number
  readonly unpricedRequests: number
  readonly estimatedRequests: number
}

interface BurnersQuestion {
  readonly accountId: string
  readonly from: Date
  readonly to: Date
}

const mostConversations = 50

/** Who used an account: domains and client keys from the ledger, the costliest conversations from the requests. */
export async function queryBurners(question: BurnersQuestion) {
  const [keys, conversations] = await Promise.all([queryKeys(question), queryConversations(question)])
  return { keys, conversations }
}

async function queryKeys({ accountId, from, to }: BurnersQuestion): Promise<Burner[]> {
  const { parameters, parameter } = collectParameters()
  const rows = await queryRows<Burner>(
    `SELECT u.*, k.name AS "clientKeyName" FROM (
       SELECT domain, client_key_id AS "clientKeyId", sum(requests)::float8 AS requests,
         sum(input_tokens + output_tokens + cache_creation_input_tokens + cache_read_input_tokens)::float8 AS tokens,
         sum(cost_micro_usd)::float8 AS "costMicroUsd", sum(unpriced_requests)::float8 AS "unpricedRequests",
         sum(estimated_requests)::float8 AS "estimatedRequests"
       FROM ${await prepareUsageSource({ from, to }, parameter)} WHERE account_id = ${parameter(accountId)}
       GROUP BY 1, 2 ORDER BY 5 DESC, 4 DESC LIMIT 200
     ) u LEFT JOIN client_keys k ON k.id = u."clientKeyId" ORDER BY "costMicroUsd" DESC, tokens DESC`,
    parameters,
  )
  return rows
}

async function queryConversations(question: BurnersQuestion): Promise<BurningConversation[]> {
  const { accountId, from, to } = question
  const { firstId, endId } = idsBetween(from, to)
  return queryRows<BurningConversation>(
    `SELECT domain, coalesce(client_key_id, '00000000-0000-0000-0000-000000000000') AS "clientKeyId",
         conversation_id AS "conversationId", count(*)::float8 AS requests,
         sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0) + coalesce(cache_creation_input_tokens, 0)
           + coalesce(cache_read_input_tokens, 0))::float8 AS tokens,
         coalesce(sum(cost_micro_usd), 0)::float8 AS "costMicroUsd",
         count(*) FILTER (WHERE cost_confidence = 'unpriced')::float8 AS "unpricedRequests",
         count(*) FILTER (WHERE cost_confidence IN ('estimated', 'partial'))::float8 AS "estimatedRequests"
       FROM api_requests
       WHERE account_id = $1 AND created_at >= $2 AND created_at < $3 AND request_id >= $4 AND request_id < $5 AND conversation_id IS NOT NULL
       GROUP BY 1, 2, 3 ORDER BY 6 DESC, 5 DESC LIMIT ${mostConversations}`,
    [accountId, from, to, firstId, endId],
  )
}
