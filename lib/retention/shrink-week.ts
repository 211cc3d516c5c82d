import type { Client } from 'pg'
import { inPoliteTransaction } from './job-client'
import type { Expiry } from './expiry'
import { countWeek, stayParameters, staysSql, type Week } from './weeks'

/**
 * Takes what has expired out of a week. A week of which nothing stays is dropped; of another one what stays is
 * copied to a new partition that takes its place, so that the space comes back at once and no row is deleted.
 * Answers how many rows went.
 */
export async function shrinkWeek(client: Client, week: Week, expiry: Expiry): Promise<number> {
  return inPoliteTransaction(client, () => shrink(client, week, expiry))
}

async function shrink(client: Client, week: Week, expiry: Expiry): Promise<number> {
  const { table, name, fromId, toId } = week
  // Nobody writes meanwhile: a late record of that week waits. Readers go on.
  await client.query(`LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`)
  const { total, staying } = await countWeek(client, week, expiry)
  if (staying === total && total > 0) return 0
  const [kept, old] = [`${name}_kept`, `${name}_old`]
  if (staying > 0) await copyStaying(client, { week, expiry, kept })
  await client.query(`ALTER TABLE ${table} DETACH PARTITION ${name}`)
  if (staying > 0) {
    await client.query(`ALTER TABLE ${name} RENAME TO ${old}`)
    await client.query(`ALTER TABLE ${kept} RENAME TO ${name}`)
    await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${fromId}') TO ('${toId}')`)
    await client.query(`ALTER TABLE ${name} DROP CONSTRAINT within_week`)
  }
  await client.query(`DROP TABLE ${staying > 0 ? old : name}`)
  return total - staying
}

interface Copy {
  readonly week: Week
  readonly expiry: Expiry
  readonly kept: string
}

async function copyStaying(client: Client, { week, expiry, kept }: Copy): Promise<void> {
  const { table, name, fromId, toId } = week
  await client.query(
    `CREATE TABLE ${kept} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING STORAGE)`,
  )
  // With this constraint the rows need not be looked at again while the table is locked for everybody.
  await client.query(
    `ALTER TABLE ${kept} ADD CONSTRAINT within_week
     CHECK (request_id IS NOT NULL AND request_id >= '${fromId}' AND request_id < '${toId}')`,
  )
  await client.query(`INSERT INTO ${kept} SELECT * FROM ${name} WHERE ${staysSql}`, stayParameters(week, expiry))
}
