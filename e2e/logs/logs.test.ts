import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { writeCredentials, type WrittenCredentials } from './write-credentials'

const dashboardKey = 'logs-dashboard-key-0123456789'
const metricsToken = 'logs-metrics-token-0123456789'
const spoken = 'the words that a person said to the model'

let fake: FakeClaude
let app: RunningApp
let home: string
let credentials: WrittenCredentials

interface Line {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** The JSON lines of the log; Next prints a few of its own, and the last one may still be coming. */
const lines = (): Line[] =>
  app
    .log()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)

beforeAll(async () => {
  fake = await startFakeClaude()
  home = mkdtempSync(path.join(tmpdir(), 'nexus-logs-'))
  credentials = writeCredentials(home)
  app = await startApp({
    door: 'fast',
    dataDir: path.join(home, 'data'),
    env: {
      CLAUDE_API_BASE_URL: fake.url,
      CREDENTIALS_DIR: credentials.folder,
      DASHBOARD_API_KEY: dashboardKey,
      METRICS_TOKEN: metricsToken,
      DEBUG: 'true',
      DEBUG_SQL: 'true',
    },
  })
})
afterAll(async () => {
  await app.stop()
  await fake.close()
  rmSync(home, { recursive: true, force: true })
})

const message = { model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content: spoken }] }

const call = (headers: Record<string, string>, target = '/v1/messages') =>
  fetch(app.url + target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(message),
  })

const lineOf = (requestId: string | null) =>
  waitUntil(() => lines().find((line) => line.requestId === requestId), { what: 'the line of the call' })

describe('the log', () => {
  it('names a call by the id that the client got, and by the one of Claude', async () => {
    const answer = await call({ 'x-api-key': credentials.clientKey })
    await answer.text()
    expect(await lineOf(answer.headers.get('x-nexus-request-id'))).toMatchObject({
      level: 'debug',
      msg: 'a call',
      upstreamRequestId: answer.headers.get('request-id'),
      domain: credentials.domain,
      path: '/v1/messages',
      status: 200,
      outcome: 'completed',
    })
  })

  it('warns of a call that failed', async () => {
    fake.next('reset-before-headers')
    const answer = await call({ 'x-api-key': credentials.clientKey })
    await answer.text()
    expect(await lineOf(answer.headers.get('x-nexus-request-id'))).toMatchObject({
      level: 'warn',
      msg: 'a call failed',
      status: 502,
    })
  })

  it('tells of SQL statements', () => {
    const told = lines().filter(({ msg }) => /^a (slow )?SQL statement$/.test(msg))
    expect(told.length).toBeGreaterThan(0)
    expect(told.every(({ sql }) => typeof sql === 'string')).toBe(true)
  })

  it('holds no secret and nothing that was said, whatever happens', async () => {
    const wrongKey = 'cnp_live_wrong-secret-0123456789'
    const password = 'correct horse battery staple 42'
    const ends = [
      call({ authorization: `Bearer ${credentials.clientKey}`, cookie: 'session=a-cookie-of-somebody' }),
      call({ authorization: `Bearer ${wrongKey}` }),
      call({ 'x-api-key': 'sk-ant-api03-of-a-stranger' }),
      call({ 'x-api-key': credentials.clientKey }, `/v1/messages?api_key=in-the-address`),
      call({ 'x-dashboard-key': dashboardKey }, '/api/requests'),
      fetch(`${app.url}/api/requests?q=${encodeURIComponent(spoken)}`, {
        headers: { 'x-dashboard-key': dashboardKey },
      }),
      fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } }),
      fetch(`${app.url}/api/auth/callback/credentials`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: app.url },
        body: JSON.stringify({ email: 'ada@example.com', password }),
      }),
    ]
    await Promise.all(ends.map(async (end) => (await end).text()))
    const generated = Object.values(
      JSON.parse(readFileSync(path.join(app.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>,
    )
    const secrets = [
      ...[credentials.clientKey, credentials.apiKey, dashboardKey, metricsToken, wrongKey, password],
      ...[spoken, 'sk-ant-api03-of-a-stranger', 'a-cookie-of-somebody', 'in-the-address'],
      ...[new URL(app.databaseUrl).password, ...generated],
    ]
    const text = app.log()
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expect(generated.length).toBeGreaterThan(1)
  })
})
