import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { databaseUrl } from '@/lib/db'

/** A statement of a job may take long, but not for ever: the server may be frozen. */
const queryTimeoutMs = 30 * 60_000
const lockTimeoutMs = 2_000
const lockAttempts = 5

/** A connection of the job's own, so that its long statements keep no pool from its work. */
export async function withJobClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: databaseUrl(),
    connectionTimeoutMillis: 5_000,
    query_timeout: queryTimeoutMs,
    application_name: 'nexus-job',
  })
  // A connection that breaks rejects the query that is running; the event has no more to tell.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Does the work if no other process does the like now; null = somebody does. */
export async function asOnlyJob<T>(lockKey: number, work: (client: Client) => Promise<T>): Promise<T | null> {
  return withJobClient(async (client) => {
    const { rows } = await client.query<{ isMine: boolean }>('SELECT pg_try_advisory_lock($1) AS "isMine"', [lockKey])
    // The lock ends with the connection.
    return rows[0]?.isMine ? work(client) : null
  })
}

/** Runs the work in one transaction. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/**
 * Like `inTransaction`, for work that others wait behind: while it does not get a lock, it lets them pass. Each time
 * it waits longer, up to `longestLockMs`, for those who hold it that long themselves.
 */
export async function inPoliteTransaction<T>(
  client: Client,
  work: () => Promise<T>,
  longestLockMs = lockTimeoutMs,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const waitMs = Math.round(lockTimeoutMs + ((longestLockMs - lockTimeoutMs) * (attempt - 1)) / (lockAttempts - 1))
    try {
      return await inTransaction(client, async () => {
        await client.query(`SET LOCAL lock_timeout = ${waitMs}`)
        return work()
      })
    } catch (error) {
      if (!isLockTimeout(error) || attempt === lockAttempts) throw error
      await delay(lockTimeoutMs)
    }
  }
}

export const isLockTimeout = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '55P03'
