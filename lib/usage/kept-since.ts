import { queryRows } from '@/lib/dashboard-query'
import { timeOfId } from '@/lib/ids'

/** The setting that says before which instant retention has taken requests; starred ones and those of other domains are left. */
export const completeSinceSetting = 'requests.complete_since'

/** From when on every request is still kept: retention drops requests, never the ledger. null = none is. */
export async function queryKeptSince(): Promise<Date | null> {
  const [found] = await queryRows<{ id: string; since: string | null }>(
    `SELECT request_id AS id, (SELECT value FROM settings WHERE key = $1) AS since
     FROM api_requests ORDER BY request_id LIMIT 1`,
    [completeSinceSetting],
  )
  if (!found) return null
  return new Date(Math.max(timeOfId(found.id).getTime(), found.since ? Date.parse(found.since) : 0))
}

/** When recording began, to the hour; null = nothing was ever recorded. */
export async function queryFirstRecordedAt(): Promise<Date | null> {
  const [first] = await queryRows<{ at: Date | null }>('SELECT min(hour) AS at FROM usage_hours')
  return first?.at ?? null
}
