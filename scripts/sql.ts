import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'

/** `npm run sql -- "SELECT 1"`: asks the database, whichever it is. Reads only, so that a slip costs nothing. */
// The rows are the output; the log would stand between them.
Object.assign(process.env, { LOG_LEVEL: 'silent', DEBUG: 'false', DEBUG_SQL: 'false' })

const [statement] = process.argv.slice(2)
if (!statement) throw new Error('Say what to ask: npm run sql -- "SELECT count(*) FROM api_requests"')

const embedded = env().DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: env().NEXUS_DATA_DIR })
connectDatabase(env().DATABASE_URL ?? embedded?.url ?? '')
const client = await hotPool().connect()
try {
  await client.query('BEGIN READ ONLY')
  const { rows } = await client.query<Record<string, unknown>>(statement)
  console.table(rows)
} catch (error) {
  // What the database says of the statement; the way through this program helps nobody.
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  client.release(true)
  await disconnectDatabase()
  await embedded?.stop()
}
