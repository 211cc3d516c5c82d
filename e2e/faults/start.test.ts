import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from '@/e2e/conformance/client'
import { bearer, messagesBody, usualHeaders } from '@/e2e/conformance/usual-call'
import { startCluster } from '@/e2e/deploy/cluster'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { ms, play } from './load'
import { expectRecorded, recordedWithin, withDatabase } from './recorded'
import { sized } from './size'
import { startWorld, type World } from './world'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

it('D1: a start without a database serves the clients of before, and records everything later', async () => {
  await play(world.app.url)
  await world.app.stop()
  await world.postgres.stop()
  world.app = await world.startApp({}, '/health/live')
  const played = await Promise.all(Array.from({ length: 20 }, () => play(world.app.url)))
  expect(played.filter(({ status, isComplete }) => status !== 200 || !isComplete)).toEqual([])
  const stranger = await start(world.app.url, {
    headers: [...bearer('cnp_live_never-seen-0123456789'), ...usualHeaders],
    body: messagesBody(),
  }).read()
  expect(stranger.status).toBe(503)
  expect(Number(stranger.header('retry-after'))).toBeGreaterThan(0)
  expect((await fetch(`${world.app.url}/health/ready`)).status).toBe(503)
  await world.postgres.start()
  const catchUpMs = await expectRecorded(world.postgres.url(), played)
  noteFigure({
    name: 'D1',
    what: 'started without a database',
    measured: `20 known calls served, an unknown key got ${stranger.status}, all recorded ${ms(catchUpMs)} after it came`,
    bar: 'never 401',
  })
})

it('B1: an upstream that does not speak TLS gets no credential and no body', async () => {
  await world.app.stop()
  const heard: Buffer[] = []
  const plain = createServer(
    (socket) => void socket.on('data', (bytes) => heard.push(bytes)).on('error', () => undefined),
  )
  plain.on('connection', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  plain.listen(0, '127.0.0.1')
  await once(plain, 'listening')
  const { port } = plain.address() as AddressInfo
  world.app = await world.startApp({ CLAUDE_API_BASE_URL: `https://127.0.0.1:${port}` })
  const { status, headMs, requestId } = await play(world.app.url)
  plain.close()
  expect(status).toBe(502)
  expect(heard.length).toBeGreaterThan(0)
  expect(Buffer.concat(heard).toString('latin1')).not.toMatch(/sk-ant|POST|Say something/)
  const { rows } = await withDatabase(world.postgres.url(), (client) =>
    waitUntil(
      async () => {
        const found = await client.query('SELECT outcome FROM api_requests WHERE request_id = $1', [requestId])
        return found.rowCount === 1 && found
      },
      { timeoutMs: recordedWithin(30_000), what: 'the record' },
    ),
  )
  expect(rows).toEqual([{ outcome: 'upstream_error' }])
  noteFigure({
    name: 'B1',
    what: 'https to a server that speaks plain HTTP',
    measured: `502 after ${ms(headMs)}, recorded, nothing but a TLS greeting sent`,
    bar: '502, never without TLS',
  })
})

it('D12: two processes that start together on an empty database both serve, and each migration runs once', async () => {
  const cluster = await startCluster()
  try {
    const startedAt = performance.now()
    const apps = await Promise.all(
      ['first', 'second'].map((name) => cluster.start(name, { env: { DRAIN_DELAY_MS: '0' } })),
    )
    const startMs = performance.now() - startedAt
    const played = await Promise.all(apps.flatMap(({ url }) => [play(url), play(url)]))
    expect(played.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await expectRecorded(cluster.databaseUrl, played)
    const { rows } = await withDatabase(cluster.databaseUrl, (client) =>
      client.query(
        `SELECT count(*)::int AS runs, count(DISTINCT migration_name)::int AS migrations FROM _prisma_migrations`,
      ),
    )
    expect(rows[0].runs).toBe(rows[0].migrations)
    noteFigure({
      name: 'D12',
      what: 'two processes start together on an empty database',
      measured: `both ready after ${ms(startMs)}, ${rows[0].runs} migrations, each once`,
      bar: 'each once, 60 s',
    })
  } finally {
    await cluster.stop()
  }
})

const badVariables: readonly (readonly [name: string, value: string])[] = [
  ['PORT', 'eighty'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['ENCRYPTION_KEY', 'hunter2'],
  ['CLAUDE_API_BASE_URL', 'nowhere'],
  ['PUBLIC_URL', 'ftp://x'],
  ['NEXTAUTH_SECRET', 'hunter2'],
  ['DASHBOARD_API_KEY', 'hunter2'],
  ['METRICS_TOKEN', 'hunter2'],
  ['SETUP_TOKEN', 'hunter2'],
  ['ENABLE_CLIENT_AUTH', 'maybe'],
  ['STORAGE_ENABLED', 'maybe'],
  ['RETENTION_DAYS', '-1'],
  ['ROLE', 'everything'],
  ['JOURNAL_FSYNC', 'never'],
  ['JOURNAL_MAX_BYTES', '1'],
  ['JOURNAL_FULL_POLICY', 'ignore'],
  ['LOG_LEVEL', 'loud'],
  ['DRAIN_TIMEOUT_MS', 'x'],
  ['MAX_REQUEST_BYTES', '0'],
]

it('E8: a variable that is not usable ends the start, in words', async () => {
  const tried = badVariables.slice(0, sized(3, badVariables.length))
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-faults-env-'))
  let slowestMs = 0
  for (const [name, value] of tried) {
    const startedAt = performance.now()
    const { PATH } = process.env
    const env = { PATH, NODE_ENV: 'production', NEXUS_DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', [name]: value }
    const child = spawn(process.execPath, ['dist/server.mjs'], { env: env as NodeJS.ProcessEnv })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)))
    const [code] = (await once(child, 'close')) as [number | null]
    slowestMs = Math.max(slowestMs, performance.now() - startedAt)
    expect([name, code]).toEqual([name, 78])
    expect(said).toContain(name)
    expect(said).not.toContain('hunter2')
  }
  rmSync(dataDir, { recursive: true })
  noteFigure({
    name: 'E8',
    what: `${tried.length} variables that are not usable`,
    measured: `each exit 78 and named, slowest ${ms(slowestMs)}, no secret said`,
    bar: '2 s',
  })
})
