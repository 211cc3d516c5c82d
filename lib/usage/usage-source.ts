import { firstIdAt } from '@/lib/ids'

interface Period {
  readonly from: Date
  readonly to: Date
}

type Parameter = (value: unknown) => string

const hourMs = 3_600_000
/** A request's id and its created_at are made a moment apart. */
const idSlackMs = 60_000

const counters = `requests, errors, input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens,
  thinking_tokens, cost_micro_usd, unpriced_requests, estimated_requests, response_time_ms`

/**
 * SQL of a table expression `(…) u` with the usage of a period: whole hours from the roll-up, the begun hours at
 * both ends from the requests themselves, so a relative range is exact and no query reads more than two hours of
 * requests. Periods up to `finestHours` come from the requests alone, which know minutes.
 */
export function buildUsageSource({ from, to }: Period, parameter: Parameter, finestHours = 0): string {
  const wholeFrom = Math.ceil(from.getTime() / hourMs) * hourMs
  const wholeTo = Math.floor(to.getTime() / hourMs) * hourMs
  if (wholeFrom >= wholeTo || to.getTime() - from.getTime() <= finestHours * hourMs) {
    return `(${requestsSql({ from, to }, parameter)}) u`
  }
  const pieces = [hoursSql({ from: new Date(wholeFrom), to: new Date(wholeTo) }, parameter)]
  if (from.getTime() < wholeFrom) pieces.push(requestsSql({ from, to: new Date(wholeFrom) }, parameter))
  if (wholeTo < to.getTime()) pieces.push(requestsSql({ from: new Date(wholeTo), to }, parameter))
  return `(${pieces.join(' UNION ALL ')}) u`
}

function hoursSql({ from, to }: Period, parameter: Parameter): string {
  return `SELECT hour AS at, domain, account_id, client_key_id, model, kind, ${counters}
    FROM usage_hours WHERE hour >= ${parameter(from)} AND hour < ${parameter(to)}`
}

function requestsSql({ from, to }: Period, parameter: Parameter): string {
  return `SELECT r.created_at AS at, r.domain, coalesce(r.account_id, '') AS account_id, r.client_key_id,
      coalesce(r.model, '') AS model, r.kind, 1::bigint AS requests,
      (r.status >= 400 OR r.outcome NOT IN ('completed', 'client_aborted'))::int::bigint AS errors,
      coalesce(r.input_tokens, 0) AS input_tokens, coalesce(r.output_tokens, 0) AS output_tokens,
      coalesce(r.cache_creation_input_tokens, 0) AS cache_creation_input_tokens,
      coalesce(r.cache_read_input_tokens, 0) AS cache_read_input_tokens,
      coalesce(r.thinking_tokens, 0) AS thinking_tokens, coalesce(r.cost_micro_usd, 0) AS cost_micro_usd,
      (r.cost_confidence = 'unpriced')::int::bigint AS unpriced_requests,
      (r.cost_confidence IN ('estimated', 'partial'))::int::bigint AS estimated_requests,
      coalesce(r.response_time_ms, 0)::bigint AS response_time_ms
    FROM api_requests r
    WHERE r.request_id >= ${parameter(firstIdAt(new Date(from.getTime() - idSlackMs)))}
      AND r.request_id < ${parameter(firstIdAt(new Date(to.getTime() + idSlackMs)))}
      AND r.created_at >= ${parameter(from)} AND r.created_at < ${parameter(to)}`
}
