import { queryRows } from '@/lib/dashboard-query'
import { buildRequestWhere, isErrorSql, type RequestFilter } from './request-filter'

/** Errors of one type and status within a period. */
export interface ErrorGroup {
  /** null = the upstream or our own table named no type. */
  readonly errorType: string | null
  readonly status: number | null
  readonly outcome: string
  readonly count: number
  readonly lastAt: Date
  readonly lastRequestId: string
}

/** Only this many errors, the newest, are looked at. */
const mostErrors = 10_000

/** The errors of a period by type, newest group first. */
export async function queryErrors(filter: RequestFilter): Promise<ErrorGroup[]> {
  const where = buildRequestWhere(filter)
  return queryRows<ErrorGroup>(
    `WITH newest AS (
       SELECT r.request_id, r.created_at, r.error_type, r.status, r.outcome FROM api_requests r
       WHERE ${where.sql} AND ${isErrorSql} ORDER BY r.request_id DESC LIMIT ${mostErrors})
     SELECT error_type AS "errorType", status, outcome, count(*)::int AS count, max(created_at) AS "lastAt",
       (array_agg(request_id ORDER BY request_id DESC))[1] AS "lastRequestId"
     FROM newest GROUP BY 1, 2, 3 ORDER BY "lastAt" DESC LIMIT 20`,
    where.parameters,
  )
}
