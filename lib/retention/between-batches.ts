import type { Client } from 'pg'
import { AppError } from '@/lib/errors'
import { batchLock } from '@/lib/recorder/open-batch'
import { inPoliteTransaction, isLockTimeout } from './job-client'

/** A slow database makes batches of seconds. A recorder that waits behind this gives its batch up after nine. */
const longestWaitMs = 8_000

/**
 * Runs the work, which shall be short, while no recorder of any process writes a batch: what a batch before it wrote
 * is there to be seen, and every batch after it sees what the work changed.
 */
export async function betweenBatches<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const alone = async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [batchLock])
    return work()
  }
  try {
    return await inPoliteTransaction(client, alone, longestWaitMs)
  } catch (cause) {
    if (!isLockTimeout(cause)) throw cause
    throw new AppError(
      'unavailable',
      'The database is so busy with recording that there was no moment for this, and nothing has changed. Try again in a minute.',
      { cause },
    )
  }
}
