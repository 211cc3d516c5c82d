import { connectDatabase, databaseUrl, disconnectDatabase } from '@/lib/db'
import { env } from '@/lib/env'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate } from '@/lib/postgres/migrate'

/** Opens the database of this installation, built in or not, for the time a tool of the command line runs. */
export async function withInstallation<T>(run: () => Promise<T>): Promise<T> {
  const embedded = env().DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: env().NEXUS_DATA_DIR })
  connectDatabase(env().DATABASE_URL ?? embedded?.url ?? '')
  try {
    await migrate(databaseUrl())
    return await run()
  } finally {
    await disconnectDatabase()
    await embedded?.stop()
  }
}
