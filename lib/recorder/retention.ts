import type { Pool } from 'pg'
import { timeOfId } from '@/lib/ids'
import { partitionedTables } from './partitions'
import { withClient } from './with-client'
import { touchEveryDays } from './write-bodies'

/** What retention may do to the record. Both are for a job, never for the request path. */

const dayMs = 86_400_000
const weekDays = 7
const blocksAtOnce = 5_000

/** Drops the weekly partitions that end before an instant, and answers their names. Space comes back at once. */
export async function dropPartitionsBefore(pool: Pool, instant: Date): Promise<string[]> {
  return withClient(pool, async (client) => {
    const { rows } = await client.query<{ parent: string; name: string; upTo: string; isHalfDetached: boolean }>(
      `SELECT inhparent::regclass::text AS parent, inhrelid::regclass::text AS name, inhdetachpending AS "isHalfDetached",
        substring(pg_get_expr(relpartbound, pg_class.oid) FROM $2) AS "upTo"
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = ANY($1::regclass[]) ORDER BY 2`,
      [partitionedTables, "TO \\('([0-9a-f-]{36})'\\)"],
    )
    const ended = rows.filter(({ upTo }) => timeOfId(upTo).getTime() <= instant.getTime())
    for (const { parent, name, isHalfDetached } of ended) {
      // Detached first, which waits for readers without keeping new ones out; the drop then concerns nobody.
      await client.query(
        `ALTER TABLE ${parent} DETACH PARTITION ${name} ${isHalfDetached ? 'FINALIZE' : 'CONCURRENTLY'}`,
      )
      await client.query(`DROP TABLE ${name}`)
    }
    return ended.map(({ name }) => name)
  })
}

/**
 * Removes blocks that no request after an instant can refer to. A block is needed by the week of the last
 * request that it was seen with, and its day may be a few days old.
 */
export async function collectBlocks(pool: Pool, keptFrom: Date): Promise<number> {
  const lastDay = new Date(keptFrom.getTime() - (weekDays + touchEveryDays + 1) * dayMs).toISOString().slice(0, 10)
  let total = 0
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM blocks WHERE ctid = ANY(ARRAY(SELECT ctid FROM blocks WHERE last_seen_on < $1::date LIMIT $2)) AND last_seen_on < $1::date`,
      [lastDay, blocksAtOnce],
    )
    total += rowCount ?? 0
    if ((rowCount ?? 0) === 0) return total
  }
}
