import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import { isAlive, openPostgresHome } from './home'
import { findPostgresProgram } from './program'
import { endServer, letGo, reachServer, urlOf, type Cluster, type Server } from './server'

export interface EmbeddedPostgres {
  /** Of the database `nexus`. */
  readonly url: string
  /** The server was up already: left by a killed process, or shared with a live one. */
  readonly wasRunning: boolean
  /** Stops the server, unless another process of ours still uses it. */
  stop(): Promise<void>
}

const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  random_page_cost: '1.1',
  wal_compression: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Rows and parameters stay out of the server's log: our own log tells of failed statements.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
}

/**
 * Starts the PostgreSQL server of `<dataDir>/postgres`, or joins it when it is up already. A server that
 * dies is started again on the same port, so that the pools find it.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  settings?: Readonly<Record<string, string>>
}): Promise<EmbeddedPostgres> {
  const program = findPostgresProgram()
  const home = await openPostgresHome(options.dataDir, program)
  return keepServer({ home, program, settings: { ...defaults, ...options.settings } })
}

async function keepServer(cluster: Cluster): Promise<EmbeddedPostgres> {
  const stopping = new AbortController()
  let server = await reachServer(cluster, stopping.signal)
  let revival = Promise.resolve()

  const watch = () =>
    server.hold.once('end', () => {
      if (!stopping.signal.aborted) revival = revive()
    })
  const revive = async () => {
    const { port } = server
    log().error('the built-in PostgreSQL ended unexpectedly; starting it again')
    const revived = await reachUntilStopped({ ...cluster, port }, stopping.signal)
    if (!revived) return
    server = revived
    watch()
  }
  const signalAtExit = () => {
    if (!server.wasRunning && isAlive(server.pid)) process.kill(server.pid, 'SIGINT')
  }
  watch()
  process.once('exit', signalAtExit)
  return {
    url: urlOf(cluster, server.port, 'nexus'),
    wasRunning: server.wasRunning,
    async stop() {
      if (stopping.signal.aborted) return
      stopping.abort()
      process.removeListener('exit', signalAtExit)
      await revival
      if (!(await letGo(server.hold))) return
      await endServer(server.pid)
      await server.hold.end().catch(() => undefined)
    },
  }
}

async function reachUntilStopped(cluster: Cluster, signal: AbortSignal): Promise<Server | null> {
  while (!signal.aborted) {
    try {
      return await reachServer(cluster, signal)
    } catch (error) {
      if (signal.aborted) break
      log().error({ error }, 'the built-in PostgreSQL could not be started again; trying on')
      await delay(1_000)
    }
  }
  return null
}
