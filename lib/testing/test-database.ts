import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, type Pool } from 'pg'
import { inject } from 'vitest'
import { connectDatabase, disconnectDatabase, hotPool } from '../db'

export interface TestDatabase {
  readonly url: string
  readonly pool: Pool
  /** Disconnects `lib/db` and removes the database. */
  drop(): Promise<void>
}

/** A migrated database of its own for a test file, connected as the database of `lib/db`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = await createDatabase('nexus')
  await disconnectDatabase()
  connectDatabase(url)
  return {
    url,
    pool: hotPool(),
    async drop() {
      await disconnectDatabase()
      await dropDatabase(url)
    },
  }
}

/** A database without tables, connected to nothing. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = await createDatabase('template1')
  return { url, drop: () => dropDatabase(url) }
}

async function createDatabase(template: string): Promise<string> {
  const url = new URL(inject('templateUrl'))
  url.pathname = `/test_${randomBytes(6).toString('hex')}`
  await administer((client) =>
    client.query(`CREATE DATABASE ${url.pathname.slice(1)} TEMPLATE ${template} STRATEGY FILE_COPY`),
  )
  return url.href
}

async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await administer(async (client) => {
    // A session that is about to end and is terminated instead would say so to a client that listens no more.
    const sessions = 'SELECT 1 FROM pg_stat_activity WHERE datname = $1'
    for (let looks = 0; looks < 50 && (await client.query(sessions, [name])).rowCount; looks += 1) await delay(10)
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
}

async function administer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const url = new URL(inject('templateUrl'))
  url.pathname = '/postgres'
  const client = new Client({ connectionString: url.href })
  await client.connect()
  await work(client)
  await client.end()
}
