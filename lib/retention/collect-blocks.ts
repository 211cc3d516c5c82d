import type { Client } from 'pg'
import type { BlockHash } from '@/lib/blocks/body-node'
import { noDomainId } from '@/lib/blocks/domain-keys'
import { reachBlocks } from '@/lib/blocks/reach-blocks'
import { firstIdAt } from '@/lib/ids'
import { touchEveryDays } from '@/lib/recorder/write-bodies'

const dayMs = 86_400_000
const blocksAtOnce = 5_000

/** The day of a block that a person asked to delete, until it is known that nothing else needs it. */
export const markedDay = '1970-01-01'
const dayAfterMarked = '1970-01-02'

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

/** Blocks of a domain that were last seen from one day on, and before another. */
export interface DueBlocks {
  readonly domainId: string
  readonly fromDay: string
  readonly beforeDay: string
}

/** Marks what starred bodies need, and answers the blocks that no other body from `keptFrom` on can refer to. */
export async function spareStarred(
  client: Client,
  { domainId, keptFrom, nowMs }: { domainId: string | null; keptFrom: Date; nowMs: number },
): Promise<DueBlocks> {
  const blocksDomainId = domainId ?? noDomainId
  // What is left from before then is starred.
  for await (const hashes of reachBlocks(client, { domainId, beforeId: firstIdAt(keptFrom) }))
    await touchBlocks(client, { domainId: blocksDomainId, hashes, nowMs })
  return { domainId: blocksDomainId, fromDay: dayAfterMarked, beforeDay: firstNeededDay(keptFrom) }
}

/** Blocks of a domain that somebody asked to delete. */
export function markedBlocks(domainId: string): DueBlocks {
  return { domainId, fromDay: markedDay, beforeDay: dayAfterMarked }
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

/** Along the key of all domains, some at a time: a recorder that wants one of them waits a moment at most. */
export async function deleteBlocks(client: Client, due: readonly DueBlocks[]): Promise<Collected> {
  const total = { blocks: 0, bytes: 0 }
  if (due.length === 0) return total
  const columns = [due.map((one) => one.domainId), due.map((one) => one.fromDay), due.map((one) => one.beforeDay)]
  let after: Buffer | null = Buffer.alloc(0)
  while (after) {
    const page: DeletedPage | undefined = (await client.query<DeletedPage>(deleteSql, [after, ...columns])).rows[0]
    total.blocks += page?.blocks ?? 0
    total.bytes += page?.bytes ?? 0
    after = page?.last ?? null
  }
  return total
}

interface DeletedPage extends Collected {
  /** null = nothing was left to look at. */
  readonly last: Buffer | null
}

const deleteSql = `
WITH due AS (
  SELECT hash, from_day, before_day FROM blocks
  JOIN unnest($2::uuid[], $3::date[], $4::date[]) AS due (domain_id, from_day, before_day) USING (domain_id)
  WHERE hash > $1 AND last_seen_on >= from_day AND last_seen_on < before_day
  ORDER BY hash LIMIT ${blocksAtOnce}
), gone AS (
  DELETE FROM blocks USING due
  WHERE blocks.hash = due.hash AND last_seen_on >= from_day AND last_seen_on < before_day
  RETURNING pg_column_size(bytes) AS size
)
SELECT (SELECT hash FROM due ORDER BY hash DESC LIMIT 1) AS last,
  (SELECT count(*) FROM gone)::float8 AS blocks, (SELECT coalesce(sum(size), 0) FROM gone)::float8 AS bytes`
