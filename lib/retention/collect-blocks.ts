import type { Client } from 'pg'
import { firstIdAt } from '@/lib/ids'
import type { BlockHash } from '@/lib/recorder/body-node'
import { noDomainId } from '@/lib/recorder/domain-keys'
import { reachBlocks } from '@/lib/recorder/reach-blocks'
import { touchEveryDays } from '@/lib/recorder/write-bodies'

const dayMs = 86_400_000
const blocksAtOnce = 5_000

/** The day of a block that a person asked to delete, until it is known that nothing else needs it. */
export const markedDay = '1970-01-01'

export interface Collected {
  readonly blocks: number
  readonly bytes: number
}

/** The first day on which a block may have been seen last and still be needed by a body from `keptFrom` on. */
export function firstNeededDay(keptFrom: Date): string {
  // The day of a block in use is up to `touchEveryDays` old; the last day allows for clocks that differ.
  return dayOf(keptFrom.getTime() - (touchEveryDays + 1) * dayMs)
}

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

export const asBytes = (hashes: readonly BlockHash[]): Buffer[] => hashes.map((hash) => Buffer.from(hash, 'latin1'))

/** Removes the blocks of a domain that no body from `keptFrom` on can refer to. Starred bodies keep theirs. */
export async function collectBlocks(
  client: Client,
  { domainId, keptFrom, nowMs }: { domainId: string | null; keptFrom: Date; nowMs: number },
): Promise<Collected> {
  const blocksDomainId = domainId ?? noDomainId
  // What is left from before then is starred.
  for await (const hashes of reachBlocks(client, { domainId, beforeId: firstIdAt(keptFrom) }))
    await touchBlocks(client, { domainId: blocksDomainId, hashes, nowMs })
  return deleteBlocks(client, blocksDomainId, firstNeededDay(keptFrom))
}

async function touchBlocks(
  client: Client,
  { domainId, hashes, nowMs }: { domainId: string; hashes: readonly BlockHash[]; nowMs: number },
): Promise<void> {
  await client.query(
    `UPDATE blocks SET last_seen_on = $3::date
     WHERE domain_id = $1 AND hash = ANY($2::bytea[]) AND last_seen_on <= $3::date - ${touchEveryDays} AND last_seen_on > '${markedDay}'`,
    [domainId, asBytes(hashes), dayOf(nowMs)],
  )
}

/** Along the key, some at a time: a recorder that wants one of them waits a moment at most. */
async function deleteBlocks(client: Client, domainId: string, firstDay: string): Promise<Collected> {
  let after: Buffer = Buffer.alloc(0)
  let [blocks, bytes] = [0, 0]
  for (;;) {
    const { rows } = await client.query<{ last: Buffer | null; found: number; blocks: number; bytes: number }>(
      `WITH due AS (
         SELECT hash FROM blocks
         WHERE domain_id = $1 AND hash > $2 AND last_seen_on < $3::date AND last_seen_on > '${markedDay}'
         ORDER BY hash LIMIT ${blocksAtOnce}
       ), gone AS (
         DELETE FROM blocks USING due WHERE domain_id = $1 AND blocks.hash = due.hash AND last_seen_on < $3::date
         RETURNING pg_column_size(bytes) AS size
       )
       SELECT (SELECT hash FROM due ORDER BY hash DESC LIMIT 1) AS last, (SELECT count(*) FROM due)::float8 AS found,
         (SELECT count(*) FROM gone)::float8 AS blocks, (SELECT coalesce(sum(size), 0) FROM gone)::float8 AS bytes`,
      [domainId, after, firstDay],
    )
    const page = rows[0]
    blocks += page?.blocks ?? 0
    bytes += page?.bytes ?? 0
    if (!page?.last || page.found < blocksAtOnce) return { blocks, bytes }
    after = page.last
  }
}
