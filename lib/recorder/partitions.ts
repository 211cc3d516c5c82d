import type { ClientBase, Pool } from 'pg'
import { firstIdAt } from '@/lib/ids'
import { withClient } from '@/lib/with-client'

/** The tables that are cut into weeks, Monday to Monday UTC, by the time in their request ids. */
export const partitionedTables = ['api_requests', 'request_bodies', 'request_links', 'link_keys'] as const
const dayMs = 86_400_000
const weekMs = 7 * dayMs
/** 1 January 1970 was a Thursday. */
const firstMondayMs = 4 * dayMs
/** Of the advisory lock under which partitions are made. */
const lockKey = 727_073_701

export function weekStartOf(atMs: number): number {
  return Math.floor((atMs - firstMondayMs) / weekMs) * weekMs + firstMondayMs
}

/** Makes the weekly partitions from one instant to another where they are missing. Safe from several processes. */
export async function ensurePartitions(client: ClientBase, from: Date, to: Date): Promise<void> {
  for (let start = weekStartOf(from.getTime()); start <= to.getTime(); start += weekMs) {
    for (const table of partitionedTables) await ensurePartition(client, table, start)
  }
}

async function ensurePartition(
  client: ClientBase,
  table: (typeof partitionedTables)[number],
  startMs: number,
): Promise<void> {
  const name = `${table}_${new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '')}`
  if (await exists(client, name)) return
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
    if (!(await exists(client, name))) {
      // Made apart and then attached: CREATE … PARTITION OF would lock the parent against every reader.
      await client.query(
        `CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING STORAGE)`,
      )
      const bounds = `FROM ('${firstIdAt(new Date(startMs))}') TO ('${firstIdAt(new Date(startMs + weekMs))}')`
      await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES ${bounds}`)
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function exists(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ isAttached: boolean }>(
    'SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1)) AS "isAttached"',
    [name],
  )
  return rows[0]?.isAttached ?? false
}

interface PartitionKeeper {
  /** Makes sure that rows of these times, and of next week, have a place. */
  ensure(timesMs: readonly number[], nowMs: number): Promise<void>
  /** Asks the database again: a partition may have been dropped. */
  forget(): void
}

/** Remembers which weeks are there, so that a batch usually asks nothing. */
export function makePartitionKeeper(pool: () => Pool): PartitionKeeper {
  const known = new Set<number>()
  return {
    forget: () => known.clear(),
    async ensure(timesMs, nowMs) {
      const missing = [...new Set([...timesMs, nowMs, nowMs + weekMs].map(weekStartOf))].filter(
        (week) => !known.has(week),
      )
      if (missing.length === 0) return
      await withClient(pool(), async (client) => {
        for (const week of missing) await ensurePartitions(client, new Date(week), new Date(week))
      })
      for (const week of missing) known.add(week)
    },
  }
}
