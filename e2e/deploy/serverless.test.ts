import { existsSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { call, startCluster, type Cluster } from './cluster'

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
