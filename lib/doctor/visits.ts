import { existsSync } from 'node:fs'
import path from 'node:path'
import { request } from 'undici'
import { connectDatabase } from '@/lib/db'
import { readDotEnv } from '@/lib/dot-env'
import { env } from '@/lib/env'
import { readHealth } from '@/lib/ops/health'
import { embeddedPostgresUrl, readServerLock } from '@/lib/postgres/home'
import { checkServer, serverAbsent, type Health } from './check-server'
import { findingsIn, type Finding } from './finding'
import type { Visit } from './run-doctor'

/** The doctor inside the running server. */
export function visitFromServer(): Visit {
  return { dotEnv: readDotEnv(), databaseAbsent: null, server: async () => checkServer(await readHealth()) }
}

/** The doctor from a shell, beside a server that runs or not. Connects `lib/db`. */
export function visitFromShell(): Visit {
  return { dotEnv: readDotEnv(), databaseAbsent: connectFromShell(), server: askServer }
}

const { warning } = findingsIn('Database')

/** The built-in server is used when it runs and not started for a look. */
function connectFromShell(): Finding | null {
  const { DATABASE_URL, NEXUS_DATA_DIR } = env()
  const clusterFolder = path.join(NEXUS_DATA_DIR, 'postgres', 'cluster')
  const isRunning = !DATABASE_URL && readServerLock({ clusterFolder }) !== null
  if (DATABASE_URL || isRunning) {
    connectDatabase(DATABASE_URL ?? embeddedPostgresUrl(NEXUS_DATA_DIR))
    return null
  }
  const says = existsSync(clusterFolder)
    ? 'The built-in database is stopped, as the server is.'
    : 'There is no database yet: the first start makes the built-in one.'
  return warning({ id: 'database-stopped', says, fix: 'Start the server (npm start) and ask again.' })
}

const patienceMs = 5_000

async function askServer(): Promise<Finding[]> {
  const { HOST, PORT } = env()
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST
  try {
    const { body } = await request(`http://${host.includes(':') ? `[${host}]` : host}:${PORT}/health`, {
      signal: AbortSignal.timeout(patienceMs),
    })
    const health = (await body.json()) as Partial<Health> | null
    return health?.recorder ? checkServer(health as Health) : serverAbsent(PORT, true)
  } catch (error) {
    return serverAbsent(PORT, (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED')
  }
}
