import type { Client } from 'pg'
import { noDomainId } from '@/lib/blocks/domain-keys'
import { firstIdAt } from '@/lib/ids'
import { dayOf } from './collect-blocks'
import { asOnlyJob } from './job-client'

const sampleLock = 727_073_703

const sampleSql = `
INSERT INTO storage_days (day, domain_id, requests, logical_bytes, blocks, block_bytes, recipe_bytes)
SELECT $1::date, coalesce(r.domain_id, b.domain_id, i.domain_id), coalesce(r.requests, 0), coalesce(r.bytes, 0),
  coalesce(b.blocks, 0), coalesce(b.bytes, 0), coalesce(i.bytes, 0)
FROM (
  SELECT coalesce(domain_id, '${noDomainId}') AS domain_id, count(*) AS requests, sum(request_bytes + response_bytes) AS bytes
  FROM api_requests WHERE request_id >= $2::uuid GROUP BY 1) r
FULL JOIN (SELECT domain_id, count(*) AS blocks, sum(pg_column_size(bytes)) AS bytes FROM blocks GROUP BY 1) b
  ON b.domain_id = r.domain_id
FULL JOIN (
  SELECT coalesce(domain_id, '${noDomainId}') AS domain_id, sum(coalesce(pg_column_size(recipes), 0) + coalesce(pg_column_size(request_recipe), 0)
    + coalesce(pg_column_size(response_recipe), 0) + coalesce(pg_column_size(exchange_detail), 0)) AS bytes
  FROM request_bodies GROUP BY 1) i ON i.domain_id = coalesce(r.domain_id, b.domain_id)
ON CONFLICT (day, domain_id) DO UPDATE SET requests = excluded.requests, logical_bytes = excluded.logical_bytes,
  blocks = excluded.blocks, block_bytes = excluded.block_bytes, recipe_bytes = excluded.recipe_bytes`

const sizeSql = `
INSERT INTO database_days (day, bytes) SELECT $1::date, pg_database_size(current_database())
ON CONFLICT (day) DO UPDATE SET bytes = excluded.bytes`

/** Measures what every domain holds and how large the database is, as the figures of this day. Reads the whole record once: for a job. */
export async function sampleStorage(nowMs = Date.now()): Promise<void> {
  await asOnlyJob(sampleLock, async (client) => {
    const day = dayOf(nowMs)
    await client.query(sampleSql, [day, await oldestBody(client)])
    await client.query(sizeSql, [day])
  })
}

/** Requests before it have no content any more. */
async function oldestBody(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT request_id AS id FROM request_bodies ORDER BY request_id LIMIT 1',
  )
  return rows[0]?.id ?? firstIdAt(new Date())
}
