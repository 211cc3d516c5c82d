import type { Parameter } from '@/lib/dashboard-query'
import { idsBetween } from '@/lib/ids'
import { queryKeptSince } from './kept-since'

/** A period, and where its buckets begin when it is cut into some. */
export interface UsagePeriod {
  readonly from: Date
  readonly to: Date
  readonly starts?: readonly Date[]
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const hourMs = 3_600_000

/** The sums of the ledger, in the order of its columns. */
export const ledgerCounters = `requests, errors, input_tokens, output_tokens, cache_creation_input_tokens,
  cache_read_input_tokens, thinking_tokens, cost_micro_usd, unpriced_requests, estimated_requests, response_time_ms`

/**
 * One request `r` of api_requests in the columns of the ledger. A domain that only a stranger's Host header named is
 * none of ours.
 */
export const requestInLedgerColumns = `CASE WHEN r.domain_id IS NULL THEN '' ELSE r.domain END AS domain, coalesce(r.account_id, '') AS account_id,
  coalesce(r.client_key_id, '00000000-0000-0000-0000-000000000000') AS client_key_id,
  coalesce(r.model, '') AS model, r.kind, 1::bigint AS requests,
  (coalesce(r.status >= 400, false) OR r.outcome NOT IN ('completed', 'client_aborted'))::int::bigint AS errors,
  coalesce(r.input_tokens, 0) AS input_tokens, coalesce(r.output_tokens, 0) AS output_tokens,
  coalesce(r.cache_creation_input_tokens, 0) AS cache_creation_input_tokens,
  coalesce(r.cache_read_input_tokens, 0) AS cache_read_input_tokens,
  coalesce(r.thinking_tokens, 0) AS thinking_tokens, coalesce(r.cost_micro_usd, 0) AS cost_micro_usd,
  (r.cost_confidence = 'unpriced')::int::bigint AS unpriced_requests,
  (r.cost_confidence IN ('estimated', 'partial'))::int::bigint AS estimated_requests,
  coalesce(r.response_time_ms, 0)::bigint AS response_time_ms`

/**
 * SQL of a table expression `(…) u` with the usage of a period. Whole hours come from the ledger; hours that an end
 * of the period or the start of a bucket cuts in two come from the requests themselves. So a relative range is
 * exact, a day is a day in every time zone, and a long period reads few requests. Periods up to `finestHours` come
 * from the requests alone. An hour whose requests retention has dropped counts where it begins.
 */
export async function prepareUsageSource(period: UsagePeriod, parameter: Parameter, finestHours = 0): Promise<string> {
  const span = { fromMs: period.from.getTime(), toMs: period.to.getTime() }
  const isShort = span.toMs - span.fromMs <= finestHours * hourMs
  const cutHours = isShort ? hoursOf(span) : listCutHours(span, period.starts ?? [])
  const keptFromMs = (await queryKeptSince())?.getTime() ?? Infinity
  const fromRequests = cutHours.filter((hour) => hour + hourMs > keptFromMs)
  const pieces = [hoursSql(span, fromRequests, parameter)]
  if (fromRequests.length > 0) pieces.push(requestsSql(mergeHours(fromRequests, span), parameter))
  return `(${pieces.join(' UNION ALL ')}) u`
}

/** Starts of the hours in which the period ends or a bucket begins, other than on the hour. Ascending. */
function listCutHours(span: Span, starts: readonly Date[]): number[] {
  const cuts = [span.fromMs, span.toMs, ...starts.map((start) => start.getTime())]
  const inside = cuts.filter((at) => at % hourMs !== 0 && at >= span.fromMs && at <= span.toMs)
  return [...new Set(inside.map(hourOf))].sort((a, b) => a - b)
}

function hoursOf({ fromMs, toMs }: Span): number[] {
  const hours: number[] = []
  for (let hour = hourOf(fromMs); hour < toMs; hour += hourMs) hours.push(hour)
  return hours
}

const hourOf = (atMs: number) => Math.floor(atMs / hourMs) * hourMs

/** Neighbouring hours as one span each, no wider than the period. */
function mergeHours(hours: readonly number[], period: Span): Span[] {
  const spans: Span[] = []
  for (const hour of hours) {
    const last = spans.at(-1)
    if (last?.toMs === hour) spans[spans.length - 1] = { fromMs: last.fromMs, toMs: hour + hourMs }
    else spans.push({ fromMs: hour, toMs: hour + hourMs })
  }
  return spans.map(({ fromMs, toMs }) => ({
    fromMs: Math.max(fromMs, period.fromMs),
    toMs: Math.min(toMs, period.toMs),
  }))
}

function hoursSql({ fromMs, toMs }: Span, without: readonly number[], parameter: Parameter): string {
  const rest = without.length === 0 ? '' : ` AND hour <> ALL(${parameter(without.map(dateOf))}::timestamptz[])`
  return `SELECT hour AS at, domain, account_id, client_key_id, model, kind, ${ledgerCounters}
    FROM usage_hours WHERE hour >= ${parameter(dateOf(fromMs))} AND hour < ${parameter(dateOf(toMs))}${rest}`
}

/** The bounds on request_id let the planner skip partitions and use the primary key. */
function requestsSql(spans: readonly Span[], parameter: Parameter): string {
  const from = parameter(spans.map(({ fromMs }) => dateOf(fromMs)))
  const to = parameter(spans.map(({ toMs }) => dateOf(toMs)))
  const ids = spans.map(({ fromMs, toMs }) => idsBetween(dateOf(fromMs), dateOf(toMs)))
  const firstId = parameter(ids.map((each) => each.firstId))
  const endId = parameter(ids.map((each) => each.endId))
  return `SELECT r.created_at AS at, ${requestInLedgerColumns}
    FROM unnest(${from}::timestamptz[], ${to}::timestamptz[], ${firstId}::uuid[], ${endId}::uuid[])
      AS span (from_at, to_at, first_id, end_id)
    JOIN api_requests r ON r.request_id >= span.first_id AND r.request_id < span.end_id
      AND r.created_at >= span.from_at AND r.created_at < span.to_at`
}

const dateOf = (atMs: number) => new Date(atMs)
