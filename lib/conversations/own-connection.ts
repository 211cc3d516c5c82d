import { Pool, type PoolClient } from 'pg'
import { databaseUrl } from '@/lib/db'
import { withClient } from '@/lib/with-client'

/** A statement may take long, but not for ever: the server may be frozen. */
const queryTimeoutMs = 30 * 60_000

/** A connection that nobody had before and nobody gets after: for tables of its own, and statements that take long. */
export async function withOwnConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const pool = new Pool({
    connectionString: databaseUrl(),
    max: 1,
    connectionTimeoutMillis: 5_000,
    query_timeout: queryTimeoutMs,
    application_name: 'nexus-relink',
  })
  try {
    return await withClient(pool, work)
  } finally {
    await pool.end()
  }
}
