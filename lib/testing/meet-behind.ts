import type { Pool } from 'pg'
import { waitUntil } from './wait-until'

/**
 * Plays a race: begins the calls one after the other while a lock is held that stops what each of them writes, lets go
 * when all of them have decided and wait, and answers how they ended. They go on in the order in which they came.
 */
export async function meetBehind(
  pool: Pool,
  lock: { readonly sql: string; readonly values?: readonly unknown[] },
  calls: readonly (() => Promise<unknown>)[],
): Promise<PromiseSettledResult<unknown>[]> {
  const holder = await pool.connect()
  const begun: Promise<unknown>[] = []
  let ended = 0
  try {
    await holder.query('BEGIN')
    await holder.query(lock.sql, [...(lock.values ?? [])])
    for (const call of calls) {
      const one = call().finally(() => (ended += 1))
      begun.push(one)
      one.catch(() => undefined)
      await waitUntil(async () => (await countWaiting(pool)) + ended >= begun.length, {
        timeoutMs: 20_000,
        what: 'a call to wait for the lock',
      })
    }
  } finally {
    await holder.query('COMMIT')
    holder.release()
  }
  return Promise.allSettled(begun)
}

async function countWaiting(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount ?? 0
}
