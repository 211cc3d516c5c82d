import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { firstIdAt } from '@/lib/ids'
import { bucketSql, type TimeBucket } from '@/lib/time-buckets'

/** p95 of the time to the first byte; null = no answered request. */
export interface FirstByteTimes {
  readonly p95Ms: number | null
  readonly buckets: readonly { readonly start: Date; readonly p95Ms: number }[]
  /** Requests looked at: the newest of the period, at most `mostSampled`. */
  readonly sampled: number
  /** There were more than that. */
  readonly isSample: boolean
}

interface FirstBytePeriod {
  readonly from: Date
  readonly to: Date
  readonly bucket: TimeBucket
  /** Only these domains; none named = all. */
  readonly domains?: readonly string[]
}

const mostSampled = 50_000

/** A percentile cannot be added up from hours, so this one reads requests: a bounded number, newest first. */
export async function queryFirstByte(period: FirstBytePeriod): Promise<FirstByteTimes> {
  const { parameters, parameter } = collectParameters()
  const rows = await queryRows<{ start: Date | null; p95Ms: number | null; sampled: number }>(
    `WITH sample AS (
       SELECT r.created_at, r.first_byte_ms FROM api_requests r
       WHERE r.request_id >= ${parameter(firstIdAt(period.from))} AND r.request_id < ${parameter(firstIdAt(period.to))}
         AND r.first_byte_ms IS NOT NULL
         ${period.domains?.length ? `AND r.domain = ANY(${parameter(period.domains)}::text[])` : ''}
       ORDER BY r.request_id DESC LIMIT ${mostSampled})
     SELECT ${bucketSql('created_at', period, parameter)} AS start,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY first_byte_ms) AS "p95Ms", count(*)::int AS sampled
     FROM sample GROUP BY GROUPING SETS ((1), ()) ORDER BY 1 NULLS FIRST`,
    parameters,
  )
  const [total, ...buckets] = rows
  return {
    p95Ms: total?.p95Ms ?? null,
    buckets: buckets.map(({ start, p95Ms }) => ({ start: start as Date, p95Ms: p95Ms ?? 0 })),
    sampled: total?.sampled ?? 0,
    isSample: total?.sampled === mostSampled,
  }
}
