import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres'
import { isAlive, openPostgresHome } from './home'
import { findPostgresProgram } from './program'
import { endServer, holdLock, letGo, reachServer, urlOf } from './server'

describe('startEmbeddedPostgres', () => {
  let dataDir: string
  let running: EmbeddedPostgres[]

  const freshHome = mkdtempSync(path.join(tmpdir(), 'nexus-embedded-'))

  beforeAll(async () => {
    const server = await startEmbeddedPostgres({ dataDir: freshHome })
    await server.stop()
  })

  afterAll(() => rmSync(freshHome, { recursive: true }))

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-embedded-'))
    cpSync(freshHome, dataDir, { recursive: true })
    running = []
  })

  afterEach(async () => {
    for (const server of running) await server.stop()
    rmSync(dataDir, { recursive: true })
  })

  const inHome = (...parts: string[]) => path.join(dataDir, 'postgres', ...parts)
  const lockFile = () => inHome('cluster', 'postmaster.pid')
  const serverPid = () => Number.parseInt(readFileSync(lockFile(), 'utf8'), 10)

  async function start() {
    const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } })
    running.push(server)
    return server
  }

  async function ask(url: string, sql: string): Promise<unknown> {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      const { rows } = await client.query<Record<string, unknown>>(sql)
      return rows[0] && Object.values(rows[0])[0]
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  test('keeps data and port from one start to the next', async () => {
    const first = await start()
    await ask(first.url, 'CREATE TABLE fruit AS SELECT 7 AS count')
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(second.wasRunning).toBe(false)
    expect(await ask(second.url, 'SELECT count FROM fruit')).toBe(7)
  })

  test('leaves no process behind when it is stopped', async () => {
    const server = await start()
    const pid = serverPid()
    await server.stop()
    expect(isAlive(pid)).toBe(false)
  })

  test('listens on loopback alone', async () => {
    const server = await start()
    expect(await ask(server.url, 'SHOW listen_addresses')).toBe('127.0.0.1')
    expect(await ask(server.url, 'SHOW unix_socket_directories')).toBe('')
  })

  test('refuses a connection without the password', async () => {
    const url = new URL((await start()).url)
    url.password = 'a-wrong-password'
    await expect(ask(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  })

  test('keeps the password in a file that only the owner reads', async () => {
    await start()
    expect(statSync(inHome('password')).mode & 0o777).toBe(0o600)
    expect(statSync(inHome()).mode & 0o777).toBe(0o700)
  })

  test('is joined by a second start, and lives until the last one stops', async () => {
    const first = await start()
    const second = await start()
    expect(second).toMatchObject({ url: first.url, wasRunning: true })
    await first.stop()
    expect(await ask(second.url, 'SELECT 1')).toBe(1)
    const pid = serverPid()
    await second.stop()
    expect(isAlive(pid)).toBe(false)
  })

  test('is joined by nobody once the last one has decided to stop it', async () => {
    const program = findPostgresProgram()
    const home = await openPostgresHome(dataDir, program)
    const cluster = { home, program, settings: { listen_addresses: '127.0.0.1', unix_socket_directories: '' } }
    const server = await reachServer(cluster, new AbortController().signal)
    try {
      expect(await letGo(server.hold)).toBe(true)
      const url = urlOf(cluster, server.port, 'postgres')
      expect(await ask(url, `SELECT pg_try_advisory_lock_shared(${holdLock})`)).toBe(false)
    } finally {
      await endServer(server.pid)
    }
    const next = await start()
    expect(next.wasRunning).toBe(false)
  })

  test('ends with one server when several first starts meet', async () => {
    rmSync(inHome(), { recursive: true })
    const servers = await Promise.all([start(), start(), start()])
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1)
    expect(await ask(servers[0]?.url ?? '', 'SELECT 1')).toBe(1)
  })

  test('comes back on the same port after its server was killed', async () => {
    const { url } = await start()
    await ask(url, 'CREATE TABLE fruit AS SELECT 7 AS count')
    process.kill(serverPid(), 'SIGKILL')
    const count = () => ask(url, 'SELECT count FROM fruit').catch(() => null)
    expect(await waitUntil(count, { timeoutMs: 20_000, what: 'the server to come back' })).toBe(7)
  })

  test('starts over a lock file whose process number now belongs to another program', async () => {
    await (await start()).stop()
    writeFileSync(lockFile(), `${process.pid}\n${inHome('cluster')}\n1\n1\n\n127.0.0.1\n`)
    expect(await ask((await start()).url, 'SELECT 1')).toBe(1)
  })

  test('starts without `unshare` too, and with it again afterwards', async () => {
    vi.stubEnv('PATH', '/nonexistent')
    const without = await start()
    expect(await ask(without.url, 'SELECT 1')).toBe(1)
    await without.stop()
    vi.unstubAllEnvs()
    expect(await ask((await start()).url, 'SELECT 1')).toBe(1)
  })

  test('names the version when the files belong to another PostgreSQL', async () => {
    await (await start()).stop()
    writeFileSync(inHome('cluster', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow(/belongs to PostgreSQL 17/)
  })

  test('shows the end of the server log when the server does not start', async () => {
    await (await start()).stop()
    writeFileSync(inHome('cluster', 'postgresql.conf'), 'nonsense = 1\n')
    await expect(start()).rejects.toThrow(/unrecognized configuration parameter "nonsense"/)
  })
})
