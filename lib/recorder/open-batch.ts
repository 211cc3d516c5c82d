import type { PoolClient, QueryResult } from 'pg'

/** Of the advisory lock that batches share; who takes it alone stands between two batches of every recorder. */
export const batchLock = 727_073_704

/** The setting that is raised before blocks are removed out of their turn. */
export const blocksGeneration = 'blocks.generation'

/** What holds until the batch is committed. */
export interface BatchOpening {
  /** Of the blocks: a new one says that some are about to be removed. */
  readonly generation: string | null
  /** Of the newest deletion of content, by the clock of the database. */
  readonly erasedAtMs: number | null
  /** The database's clock. */
  readonly nowMs: number
}

const transactionTimeoutMs = 9_000

const beginSql = `BEGIN; SET LOCAL statement_timeout = ${transactionTimeoutMs};
SELECT pg_advisory_xact_lock_shared(${batchLock});
SELECT (SELECT value FROM settings WHERE key = '${blocksGeneration}') AS generation,
  (extract(epoch FROM greatest((SELECT max(bodies_erased_at) FROM domains), (SELECT max(bodies_erased_at) FROM conversations))) * 1000)::float8 AS "erasedAtMs",
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs";
SAVEPOINT unlinked`

/** Begins the transaction of a batch, in one round trip. */
export async function openBatch(client: PoolClient): Promise<BatchOpening> {
  // Several statements without parameters answer one result each.
  const results = (await client.query(beginSql)) as unknown as QueryResult<BatchOpening>[]
  const opening = results.find(({ command, fields }) => command === 'SELECT' && fields.length > 1)?.rows[0]
  if (!opening) throw new Error('the database did not answer how a batch begins')
  return opening
}
