import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { isAlive, readServerLock, type PostgresHome } from './home'
import type { PostgresProgram } from './program'

export interface Cluster {
  readonly home: PostgresHome
  readonly program: PostgresProgram
  readonly settings: Readonly<Record<string, string>>
  /** The port to start on; unset = the last one when it is free, else any. */
  readonly port?: number
}

export interface Server {
  readonly pid: number
  readonly port: number
  readonly wasRunning: boolean
  /** Open for as long as we need the server: it holds a shared lock that says so. */
  readonly hold: Client
}

export const holdLock = 6_399_001
const startDeadlineMs = 120_000
const stopDeadlineMs = 20_000
const maxAttempts = 4

export function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgresql://nexus:${cluster.home.password}@127.0.0.1:${port}/${database}`
}

/** Joins the live server of the cluster, or starts one and waits until it answers. */
export async function reachServer(cluster: Cluster, signal: AbortSignal): Promise<Server> {
  const started: Started = { pid: null, attempts: 0 }
  try {
    return await reach(cluster, signal, started)
  } catch (error) {
    if (started.pid !== null) await endServer(started.pid)
    throw error
  }
}

interface Started {
  pid: number | null
  attempts: number
}

async function reach(cluster: Cluster, signal: AbortSignal, started: Started): Promise<Server> {
  const deadline = Date.now() + startDeadlineMs
  while (Date.now() < deadline) {
    const lock = readServerLock(cluster.home)
    const hold = lock?.port ? await tryHold(urlOf(cluster, lock.port, 'postgres')) : null
    if (lock?.port && hold) return { pid: lock.pid, port: lock.port, wasRunning: lock.pid !== started.pid, hold }
    if (!lock && (started.pid === null || !isAlive(started.pid))) {
      if (started.attempts === maxAttempts) break
      // The remains of a killed server may need a moment to go.
      await delay(started.attempts * 250, undefined, { signal })
      started.attempts += 1
      started.pid = await launch(cluster)
    }
    await delay(25, undefined, { signal })
  }
  throw new Error(
    `The built-in PostgreSQL did not start. Its log, ${cluster.home.logFile}, ends with:\n${logTail(cluster.home)}`,
  )
}

async function launch({ home, program, settings, port }: Cluster): Promise<number | null> {
  const chosen = port ?? (await choosePort(path.join(home.folder, 'port')))
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const logFile = openSync(home.logFile, 'w', 0o600)
  const child = program.spawn(
    'postgres',
    ['-D', home.clusterFolder, '-p', String(chosen), ...options],
    ['ignore', logFile, logFile],
  )
  closeSync(logFile)
  // Without this listener a program that is gone would end the process; the log and the deadline tell instead.
  child.on('error', () => undefined)
  child.unref()
  return child.pid ?? null
}

/** The last port when it is free, so that open database tools find the server again. */
async function choosePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  const port = (await freePort(last || 0)) ?? (await freePort(0))
  if (!port) throw new Error('No port of 127.0.0.1 is free for the built-in PostgreSQL.')
  writeFileSync(file, `${port}\n`, { mode: 0o600 })
  return port
}

function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** null while the server starts, recovers or goes down. */
async function tryHold(url: string): Promise<Client | null> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
    application_name: 'nexus-hold',
  })
  // A lost connection emits here; the 'end' that follows is what matters.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock_shared($1)', [holdLock])
    await createDatabase(client)
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    if ((error as { code?: string }).code === '28P01')
      throw new Error('The built-in PostgreSQL refuses its own password file.', { cause: error })
    return null
  }
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'nexus'")
  if (rowCount === 0) await client.query('CREATE DATABASE nexus')
}

/**
 * Gives our hold up; true when nobody else has one. Then nobody gets one any more until the server has ended: who came
 * now would lose it again. A server that does not answer serves nobody.
 */
export async function letGo(hold: Client): Promise<boolean> {
  const isAlone = await holdAlone(hold).catch(() => true)
  if (!isAlone) await hold.end().catch(() => undefined)
  return isAlone
}

async function holdAlone(hold: Client): Promise<boolean> {
  await hold.query('SELECT pg_advisory_unlock_shared($1)', [holdLock])
  const { rows } = await hold.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [holdLock])
  return rows[0]?.alone ?? true
}

/** SIGINT lets PostgreSQL end its sessions and write a checkpoint; SIGQUIT is for one that hangs. */
export async function endServer(pid: number): Promise<void> {
  for (const name of ['SIGINT', 'SIGQUIT'] as const) {
    if (!isAlive(pid)) return
    process.kill(pid, name)
    const deadline = Date.now() + stopDeadlineMs
    while (isAlive(pid) && Date.now() < deadline) await delay(10)
  }
}

function logTail(home: PostgresHome): string {
  if (!existsSync(home.logFile)) return '(nothing)'
  return readFileSync(home.logFile, 'utf8').trim().split('\n').slice(-8).join('\n')
}
