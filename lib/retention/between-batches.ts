import type { Client } from 'pg'
import { batchLock } from '@/lib/recorder/open-batch'
import { inPoliteTransaction } from './job-client'

/**
 * Runs the work, which shall be short, while no recorder of any process writes a batch: what a batch before it wrote
 * is there to be seen, and every batch after it sees what the work changed.
 */
export async function betweenBatches<T>(client: Client, work: () => Promise<T>): Promise<T> {
  return inPoliteTransaction(client, async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [batchLock])
    return work()
  })
}
