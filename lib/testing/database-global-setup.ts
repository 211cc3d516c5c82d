import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate } from '@/lib/postgres/migrate'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run; its database `nexus` is the migrated template. */
    templateUrl: string
  }
}

/** One real PostgreSQL for the whole run. It forgets on a power cut, which makes it fast. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-test-postgres-'))
  const server = await startEmbeddedPostgres({ dataDir, settings })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await migrate(server.url)
    await prepareTemplate(server.url)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('templateUrl', server.url)
  return stop
}

/** Tests may empty the audit log, and a database with sessions cannot be cloned, so nobody may connect to the template. */
async function prepareTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('DROP TRIGGER audit_events_keep_all ON audit_events')
  await client.query("UPDATE pg_database SET datallowconn = false WHERE datname = 'nexus'")
  await client.end()
}
