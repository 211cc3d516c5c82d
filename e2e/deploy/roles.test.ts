import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { call, dashboardKey, startCluster, type Cluster } from './cluster'

let cluster: Cluster
let proxy: RunningApp
let web: RunningApp
let worker: RunningApp

beforeAll(async () => {
  cluster = await startCluster()
  proxy = await cluster.start('proxy', { env: { ROLE: 'proxy' } })
  web = await cluster.start('web', { env: { ROLE: 'web' } })
  worker = await cluster.start('worker', { env: { ROLE: 'worker' } })
})
afterAll(() => cluster?.stop())

const ask = (app: RunningApp, target: string) =>
  fetch(app.url + target, { headers: { 'x-dashboard-key': dashboardKey }, redirect: 'manual' })

test('what the proxy process records, the web process shows', async () => {
  expect((await call(proxy.url, 'text').read()).status).toBe(200)
  const requests = await waitUntil(
    async () => {
      const answer = (await (await ask(web, '/api/requests')).json()) as { requests: { outcome: string }[] }
      return answer.requests.length > 0 && answer.requests
    },
    { timeoutMs: 30_000, what: 'the request to be listed' },
  )
  expect(requests.map(({ outcome }) => outcome)).toEqual(['completed'])
})

test('the Claude API is served by the proxy process alone', async () => {
  for (const app of [web, worker]) {
    const reply = await call(app.url, 'text').read()
    expect(reply.status).toBe(404)
    expect(JSON.parse(reply.body.toString())).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  }
})

test('the dashboard is served by the web process alone', async () => {
  for (const target of ['/setup', '/api/requests']) expect((await ask(web, target)).status).toBe(200)
  for (const app of [proxy, worker]) {
    for (const target of ['/setup', '/api/requests']) expect((await ask(app, target)).status).toBe(404)
  }
})

test('every process tells its state', async () => {
  for (const app of [proxy, web, worker]) {
    for (const target of ['/health', '/health/ready', '/metrics']) expect((await ask(app, target)).status).toBe(200)
  }
})

interface Seen {
  readonly role: string
  readonly condition: string
}

/** The processes as the dashboard tells of them, until they are these. */
async function expectProcesses(expected: readonly string[]): Promise<void> {
  let told: string[] = []
  const isSo = async () => {
    const { processes } = (await (await ask(web, '/api/doctor/vitals')).json()) as { processes: Seen[] }
    told = processes.map(({ role, condition }) => `${role} ${condition}`).sort()
    return told.join() === expected.join()
  }
  await waitUntil(isSo, { timeoutMs: 90_000, what: 'the processes' }).catch(() => expect(told).toEqual(expected))
}

test('the dashboard knows every process', () => expectProcesses(['proxy running', 'web running', 'worker running']))

test('what a killed process left in its journal is told, until it is recorded', async () => {
  const database = new Client({ connectionString: cluster.databaseUrl })
  await database.connect()
  const countWhere = async (sql: string) => (await database.query(`SELECT FROM ${sql}`)).rowCount ?? 0
  const running = call(proxy.url, 'slow?ms=50&events=2000')
  await running.head
  const isTold = () => countWhere(`processes WHERE role = 'proxy' AND figures->>'openStreams' = '1'`)
  await waitUntil(isTold, { timeoutMs: 90_000, what: 'the stream to be told' })
  await proxy.kill()
  // A minute later.
  await database.query(`UPDATE processes SET seen_at = seen_at - interval '1 minute' WHERE role = 'proxy'`)
  await expectProcesses(['proxy gone', 'web running', 'worker running'])

  proxy = await cluster.start('proxy', { env: { ROLE: 'proxy' } })
  await expectProcesses(['proxy running', 'web running', 'worker running'])
  const isRecorded = () => countWhere(`api_requests WHERE outcome = 'interrupted'`)
  await waitUntil(isRecorded, { timeoutMs: 90_000, what: 'what was left to be recorded' })
  await database.end()
}, 400_000)
