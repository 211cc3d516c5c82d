import { Pool } from 'pg'
import { env } from './env'
import { log } from './log'
import { shared } from './shared'
import { watchQueries } from './watch-queries'

/**
 * Two pools: `hot` serves the recorder and the caches, `dashboard` serves pages, so a heavy page cannot
 * starve recording. query_timeout (not statement_timeout) is what survives a frozen server.
 */
interface Database {
  url: string
  hot: Pool
  dashboard: Pool
  /** Called before the pools end. */
  readonly closing: Set<() => Promise<unknown>>
}

const holder = () => shared<{ database: Database | null }>('db', () => ({ database: null }))

/** Opens the pools. Called once at boot, when the address is known (embedded servers choose a port). */
export function connectDatabase(url: string): void {
  if (holder().database?.url === url) return
  const hot = makePool(url, { max: 8, query_timeout: 10_000, connectionTimeoutMillis: 1_500 })
  const dashboard = makePool(url, {
    max: 5,
    query_timeout: 20_000,
    // On a machine that has too much to do, a new connection takes seconds; where nobody listens it fails at once.
    connectionTimeoutMillis: 8_000,
    statement_timeout: 15_000,
    // Sums over months fit into memory; with the default of four megabytes they are sorted on disk.
    options: '-c work_mem=24MB',
  })
  holder().database = { url, hot, dashboard, closing: new Set() }
}

function makePool(url: string, options: Record<string, number | string>): Pool {
  const created = new Pool({
    connectionString: url,
    application_name: 'nexus-proxy',
    idleTimeoutMillis: 30_000,
    ...options,
  })
  created.on('connect', (client) => {
    watchQueries(client)
    // The pool listens to idle connections, whoever works with one to his queries; between the two a connection
    // that breaks would end the process.
    client.on('error', () => undefined)
  })
  created.on('error', (error) => log().warn({ error }, 'a database connection was lost'))
  return created
}

export async function disconnectDatabase(): Promise<void> {
  const { database } = holder()
  holder().database = null
  if (!database) return
  await Promise.all([...database.closing].map((close) => close()))
  await Promise.all([database.hot.end(), database.dashboard.end()])
}

function connected(): Database {
  const { database } = holder()
  if (!database)
    throw new Error(`The database is not connected yet (${env().DATABASE_URL ? 'DATABASE_URL' : 'embedded'}).`)
  return database
}

export const databaseUrl = (): string => connected().url
/** For the recorder, caches and jobs. */
export const hotPool = (): Pool => connected().hot
/** For pages and API handlers: bounded by a statement timeout. */
export const dashboardPool = (): Pool => connected().dashboard
/** For what uses a pool in its own way, and has to end before it. */
export function beforeDisconnect(close: () => Promise<unknown>): void {
  connected().closing.add(close)
}
