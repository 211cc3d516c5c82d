import type { Client } from 'pg'
import { log } from '@/lib/log'
import { noDomainId } from '@/lib/recorder/domain-keys'
import { blocksGeneration } from '@/lib/recorder/postgres-body-store'
import { reachBlocks } from '@/lib/recorder/reach-blocks'
import { asBytes, dayOf, markedDay, type Collected } from './collect-blocks'

const blocksAtOnce = 5_000

/**
 * Removes the marked blocks that no body needs any more. Safe beside recorders: after the generation is raised each
 * of them looks at every block it uses again, which takes the mark off; bodies recorded before that are walked here.
 * Safe to break off: the marks stay, and the next run goes on.
 */
export async function finishErasures(client: Client, nowMs: number): Promise<Collected> {
  const { rows } = await client.query<{ domainId: string }>(
    `SELECT DISTINCT domain_id AS "domainId" FROM blocks WHERE last_seen_on = '${markedDay}'`,
  )
  const total = { blocks: 0, bytes: 0 }
  for (const { domainId } of rows) {
    try {
      const { blocks, bytes } = await finishErasure(client, domainId, nowMs)
      total.blocks += blocks
      total.bytes += bytes
    } catch (error) {
      // A recipe that does not open says nothing about its blocks: then all of them stay.
      log().error({ error, domainId }, 'blocks of deleted content could not be told from others; they stay for now')
    }
  }
  return total
}

async function finishErasure(client: Client, domainId: string, nowMs: number): Promise<Collected> {
  await client.query(`UPDATE settings SET value = (value::bigint + 1)::text, updated_at = now() WHERE key = $1`, [
    blocksGeneration,
  ])
  await unmarkNeeded(client, domainId, nowMs)
  return deleteMarked(client, domainId)
}

async function unmarkNeeded(client: Client, domainId: string, nowMs: number): Promise<void> {
  for await (const hashes of reachBlocks(client, { domainId: domainId === noDomainId ? null : domainId })) {
    await client.query(
      `UPDATE blocks SET last_seen_on = $3::date
       WHERE domain_id = $1 AND hash = ANY($2::bytea[]) AND last_seen_on = '${markedDay}'`,
      [domainId, asBytes(hashes), dayOf(nowMs)],
    )
  }
}

async function deleteMarked(client: Client, domainId: string): Promise<Collected> {
  const total = { blocks: 0, bytes: 0 }
  for (;;) {
    const { rows } = await client.query<Collected>(
      `WITH gone AS (
         DELETE FROM blocks WHERE domain_id = $1 AND last_seen_on = '${markedDay}' AND hash = ANY(ARRAY(
           SELECT hash FROM blocks WHERE domain_id = $1 AND last_seen_on = '${markedDay}' LIMIT ${blocksAtOnce}))
         RETURNING pg_column_size(bytes) AS size
       ) SELECT count(*)::float8 AS blocks, coalesce(sum(size), 0)::float8 AS bytes FROM gone`,
      [domainId],
    )
    const { blocks = 0, bytes = 0 } = rows[0] ?? {}
    total.blocks += blocks
    total.bytes += bytes
    if (blocks === 0) return total
  }
}
