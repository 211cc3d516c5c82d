import type { PoolClient } from 'pg'
import type { ReadableRow } from './read-again'

/** A row of a domain, as far as its kind and its place go. */
export type RecordedRow = ReadableRow & { readonly conversationId: string | null }

interface RowPage {
  readonly domainId: string
  /** The request before the first; null = from the oldest on. */
  readonly after: string | null
  /** The last request there may be; null = to the newest. */
  readonly until?: string | null
  /** null = all of them. */
  readonly limit: number | null
}

const firstId = '00000000-0000-0000-0000-000000000000'
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Oldest first. */
export async function listRecorded(client: PoolClient, page: RowPage): Promise<RecordedRow[]> {
  const { rows } = await client.query<RecordedRow>({
    name: 'list-recorded',
    text: `SELECT request_id AS "requestId", domain_id AS "domainId", client_key_id AS "clientKeyId", outcome,
       session_id AS "sessionId", agent_id AS "agentId", parent_agent_id AS "parentAgentId", kind, method, status,
       response_bytes::float8 AS "responseBytes", conversation_id AS "conversationId"
     FROM api_requests WHERE domain_id = $1 AND request_id > $2 AND request_id <= $3 ORDER BY request_id LIMIT $4`,
    values: [page.domainId, page.after ?? firstId, page.until ?? lastId, page.limit],
  })
  return rows
}

export async function countRecorded(client: PoolClient, domainId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::float8 AS count FROM api_requests WHERE domain_id = $1',
    [domainId],
  )
  return rows[0]?.count ?? 0
}
