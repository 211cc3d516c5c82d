import type { Client } from 'pg'
import { noDomainId } from '@/lib/blocks/domain-keys'
import { reachBlocks } from '@/lib/blocks/reach-blocks'
import { log } from '@/lib/log'
import { blocksGeneration } from '@/lib/recorder/open-batch'
import { betweenBatches } from './between-batches'
import { asBytes, dayOf, deleteBlocks, markedBlocks, markedDay, type Collected, type DueBlocks } from './collect-blocks'

/**
 * Removes the marked blocks that no body needs any more. Safe beside recorders: after the generation is raised each
 * of them looks at every block it uses again, which takes the mark off; bodies recorded before that are walked here.
 * Safe to break off: the marks stay, and the next run goes on.
 */
export async function finishErasures(client: Client, nowMs: number): Promise<Collected> {
  const { rows } = await client.query<{ domainId: string }>(
    `SELECT DISTINCT domain_id AS "domainId" FROM blocks WHERE last_seen_on = '${markedDay}'`,
  )
  const due: DueBlocks[] = []
  for (const { domainId } of rows) {
    try {
      due.push(await spareNeeded(client, domainId, nowMs))
    } catch (error) {
      // A recipe that does not open says nothing about its blocks: then all of them stay.
      log().error({ error, domainId }, 'blocks of deleted content could not be told from others; they stay for now')
    }
  }
  return deleteBlocks(client, due)
}

async function spareNeeded(client: Client, domainId: string, nowMs: number): Promise<DueBlocks> {
  await betweenBatches(client, () =>
    client.query(`UPDATE settings SET value = (value::bigint + 1)::text, updated_at = now() WHERE key = $1`, [
      blocksGeneration,
    ]),
  )
  await unmarkNeeded(client, domainId, nowMs)
  return markedBlocks(domainId)
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
