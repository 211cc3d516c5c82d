import { existsSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { call, dashboardKey, startCluster, type Cluster } from './cluster'

// As on a host that runs Next's route handlers and keeps no disk: no server.ts, no journal.
let cluster: Cluster
let app: RunningApp
let database: Client

beforeAll(async () => {
  cluster = await startCluster()
  app = await cluster.start('serverless', { door: 'route', env: { JOURNAL: 'false' } })
  database = new Client({ connectionString: cluster.databaseUrl })
  await database.connect()
})
afterAll(async () => {
  await database?.end()
  await cluster?.stop()
})

test('a call is streamed and recorded by the route handler alone, without a journal', async () => {
  const reply = await call(app.url, 'slow?ms=5&events=40').read()
  expect(reply.status).toBe(200)
  expect(reply.sha256).toBe(cluster.fake.requests[0]?.response.sha256)
  const rows = await waitUntil(
    async () => {
      const result = await database.query('SELECT outcome, status FROM api_requests')
      return result.rows.length > 0 && result.rows
    },
    { timeoutMs: 30_000, what: 'the row of the call' },
  )
  expect(rows).toEqual([{ outcome: 'completed', status: 200 }])
  expect(existsSync(path.join(app.dataDir, 'journal'))).toBe(false)
})

async function statusesOf(role: string) {
  const { url, stop } = await cluster.start(role, { door: 'route', env: { JOURNAL: 'false', ROLE: role } })
  const ask = async (target: string) =>
    (await fetch(url + target, { headers: { 'x-dashboard-key': dashboardKey }, redirect: 'manual' })).status
  const calls = (await call(url, 'text').read()).status
  const statuses = { calls, page: await ask('/setup'), api: await ask('/api/requests'), health: await ask('/health') }
  await stop()
  return statuses
}

test.each([
  ['serve', { calls: 200, page: 200, api: 200, health: 200 }],
  ['web', { calls: 404, page: 200, api: 200, health: 200 }],
  ['proxy', { calls: 200, page: 404, api: 404, health: 200 }],
])('a function of one role serves nothing of another: %s', async (role, expected) =>
  expect(await statusesOf(role)).toEqual(expected),
)

test('a body of 20 MB passes the route handler whole: what runs before pages never touches the Claude API', async () => {
  const content = 'x'.repeat(20_000_000)
  const body = Buffer.from(
    JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 16, messages: [{ role: 'user', content }] }),
  )
  expect((await call(app.url, 'text', body).read()).status).toBe(200)
  expect(cluster.fake.requests.at(-1)?.body.byteLength).toBe(body.byteLength)
})
