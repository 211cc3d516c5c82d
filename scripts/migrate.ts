import { parseArgs } from 'node:util'
import { connectDatabase, databaseUrl, disconnectDatabase, hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate, missingMigrations } from '@/lib/postgres/migrate'

/** `npm run migrate [-- --dry-run]`: applies missing migrations, as every start does; or only names them. */
const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })

const embedded = env().DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: env().NEXUS_DATA_DIR })
connectDatabase(env().DATABASE_URL ?? embedded?.url ?? '')
try {
  const names = values['dry-run'] ? await missingMigrations(hotPool()) : (await migrate(databaseUrl())).applied
  const verb = values['dry-run'] ? 'missing' : 'applied'
  console.log(names.length === 0 ? 'Every migration is applied.' : `${verb}: ${names.join(', ')}`)
} finally {
  await disconnectDatabase()
  await embedded?.stop()
}
