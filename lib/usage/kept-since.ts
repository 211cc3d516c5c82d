import { queryRows } from '@/lib/dashboard-query'
import { timeOfId } from '@/lib/ids'

/** When the oldest request that is still kept was made: retention drops requests, never the ledger. null = none is. */
export async function queryKeptSince(): Promise<Date | null> {
  const rows = await queryRows<{ id: string }>('SELECT request_id AS id FROM api_requests ORDER BY request_id LIMIT 1')
  return rows[0] ? timeOfId(rows[0].id) : null
}
