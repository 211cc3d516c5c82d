import { queryRows } from '@/lib/dashboard-query'
import { firstIdAt } from '@/lib/ids'

/** How the upstream did: requests that were sent on, and those it failed (5xx, overloaded, timed out, broken off), not those that it refused. */
export interface UpstreamErrors {
  readonly forwarded: number
  readonly failed: number
}

export async function queryUpstreamErrors(from: Date): Promise<UpstreamErrors> {
  const [counted] = await queryRows<UpstreamErrors>(
    `SELECT count(*)::int AS forwarded,
       (count(*) FILTER (WHERE r.status >= 500 OR r.outcome = 'timeout'
         OR (r.outcome = 'upstream_error' AND coalesce(r.status, 0) < 400)))::int AS failed
     FROM api_requests r WHERE r.request_id >= $1 AND r.outcome <> 'rejected'`,
    [firstIdAt(from)],
  )
  return counted ?? { forwarded: 0, failed: 0 }
}
