import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Client, type Pool } from 'pg'

/** What a run did. `unknown` = applied by a newer version of this program. */
interface MigrationReport {
  readonly applied: readonly string[]
  readonly unknown: readonly string[]
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

interface AppliedRow {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
  readonly rolled_back_at: Date | null
}

type Queryable = Pick<Client | Pool, 'query'>

/** Prisma's own key: its `migrate deploy` and this runner wait for each other. */
const lockKey = 72_707_369
const lockTimeoutMs = 600_000

/** Prisma's table as Prisma makes it, so that its command line can go on where this runner stopped. */
const tableSql = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

const appliedSql =
  'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at'

function defaultDirectory(): string {
  return path.join(/* turbopackIgnore: true */ process.cwd(), 'prisma', 'migrations')
}

/** Applies what is missing, in name order, each in a transaction of its own. Several at once wait for each other. */
export async function migrate(url: string, { directory = defaultDirectory() } = {}): Promise<MigrationReport> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'nexus-migrate',
  })
  // A connection that breaks rejects the query that is running; the event has no more to tell.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`)
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    await client.query(tableSql)
    const migrations = await readMigrations(directory)
    const rows = await readApplied(client)
    refuseTrouble(migrations, rows)
    const missing = chooseMissing(migrations, rows)
    for (const migration of missing) await apply(client, migration)
    const known = new Set(migrations.map(({ name }) => name))
    const unknown = rows.map((row) => row.migration_name).filter((name) => !known.has(name))
    return { applied: missing.map(({ name }) => name), unknown }
  } finally {
    await client.end()
  }
}

/** Names that still wait to be applied. */
export async function missingMigrations(
  database: Queryable,
  { directory = defaultDirectory() } = {},
): Promise<readonly string[]> {
  const migrations = await readMigrations(directory)
  const { rows } = await database.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  )
  if (!rows[0]?.exists) return migrations.map(({ name }) => name)
  return chooseMissing(migrations, await readApplied(database)).map(({ name }) => name)
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(path.join(directory, name, 'migration.sql'))
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
}

/** Rows that count: what was rolled back never happened. */
async function readApplied(database: Queryable): Promise<readonly AppliedRow[]> {
  const { rows } = await database.query<AppliedRow>(appliedSql)
  return rows.filter((row) => row.rolled_back_at === null)
}

function chooseMissing(migrations: readonly Migration[], rows: readonly AppliedRow[]): readonly Migration[] {
  const finished = new Set(rows.filter((row) => row.finished_at !== null).map((row) => row.migration_name))
  return migrations.filter(({ name }) => !finished.has(name))
}

function refuseTrouble(migrations: readonly Migration[], rows: readonly AppliedRow[]): void {
  const checksums = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  for (const row of rows) {
    if (row.finished_at === null) {
      throw new Error(
        `Migration ${row.migration_name} failed earlier and was left half done. Put the database right, then set finished_at (all of it is there) or rolled_back_at (none of it is) in its row of _prisma_migrations.`,
      )
    }
    const checksum = checksums.get(row.migration_name)
    if (checksum && checksum !== row.checksum) {
      throw new Error(
        `Migration ${row.migration_name} was changed after it was applied to this database. Restore the file and put the change into a new migration.`,
      )
    }
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date()
  try {
    await client.query('BEGIN')
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new Error(`Migration ${name} failed and was undone: ${(cause as Error).message}`, { cause })
  }
}
