import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { startTokenIssuer, type TokenIssuer } from './token-issuer'

/** Two processes of the product on one database, as behind a load balancer. All values are made up. */

const secrets = {
  ENCRYPTION_KEY: 'of-the-routing-test-0123456789',
  NEXTAUTH_SECRET: 'of-the-routing-test-9876543210',
  DASHBOARD_API_KEY: 'dashboard-key-of-the-routing-test',
}
const patient = { timeoutMs: 30_000 }

let fake: FakeClaude
let issuer: TokenIssuer
let credentials: string
let first: RunningApp
let second: RunningApp
let database: Client

const keyOf = (name: string) => `cnp_live_routing-${name}-0123456789`
const secretOf = (name: string) => `sk-ant-api03-routing-${name}`

const withdrawn = { accessToken: 'sk-ant-oat01-withdrawn', refreshToken: 'sk-ant-ort01-withdrawn' }

function fileOf(name: string): object {
  const common = { accountId: `acc_${name}`, client_api_key: keyOf(name) }
  // When it ends, its file does not say.
  if (name === 'withdrawn') return { ...common, type: 'oauth', oauth: withdrawn }
  if (name !== 'login') return { ...common, type: 'api_key', api_key: secretOf(name) }
  const oauth = { accessToken: 'sk-ant-oat01-expired', refreshToken: 'sk-ant-ort01-first', expiresAt: 1 }
  return { ...common, type: 'oauth', oauth }
}

const names = ['pool', 'pool-b', 'pool-c', 'cooling', 'revoked', 'login', 'withdrawn', 'haiku'] as const

beforeAll(async () => {
  fake = await startFakeClaude()
  issuer = await startTokenIssuer()
  credentials = await mkdtemp(path.join(tmpdir(), 'nexus-routing-'))
  for (const name of names) {
    const file = path.join(credentials, `${name}.example.com.credentials.json`)
    await writeFile(file, JSON.stringify(fileOf(name)), { mode: 0o600 })
  }
  first = await start({ CREDENTIALS_DIR: credentials })
  second = await start({ DATABASE_URL: first.databaseUrl })
  database = new Client({ connectionString: first.databaseUrl })
  await database.connect()
  // What files cannot say: three accounts of one domain, and a key for some models only.
  await database.query(
    `INSERT INTO account_domains (account_uuid, domain_id, position)
     SELECT a.id, d.id, 0 FROM accounts a, domains d
     WHERE a.account_id IN ('acc_pool-b', 'acc_pool-c') AND d.name = 'pool.example.com'`,
  )
  await database.query(
    `UPDATE client_keys SET allowed_models = '{claude-haiku-*}'
     FROM domains d WHERE d.id = domain_id AND d.name = 'haiku.example.com'`,
  )
})
beforeEach(() => fake.reset())
afterAll(async () => {
  await database?.end()
  await second?.stop()
  await first?.stop()
  await fake.close()
  await issuer.close()
  await rm(credentials, { recursive: true })
  // Started again on a folder that was given: not its own to remove.
  await rm(second.dataDir, { recursive: true, force: true })
})

function start(env: Record<string, string>, dataDir?: string): Promise<RunningApp> {
  const upstream = { CLAUDE_API_BASE_URL: fake.url, CLAUDE_OAUTH_TOKEN_URL: issuer.url, ALLOW_STORED_OAUTH: 'true' }
  return startApp({ door: 'fast', env: { ...secrets, ...upstream, ...env }, dataDir })
}

interface Called {
  readonly status: number
  readonly headers: Headers
  readonly requestId: string
  readonly body: { readonly error?: { readonly type: string; readonly message: string } }
}

async function call(app: RunningApp, name: string, more: { session?: string; model?: string } = {}): Promise<Called> {
  const { session, model = 'claude-opus-5-5' } = more
  const response = await fetch(`${app.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': keyOf(name),
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      ...(session && { 'x-claude-code-session-id': session }),
    },
    body: JSON.stringify({ model, max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  const requestId = response.headers.get('x-nexus-request-id') ?? ''
  const { status, headers } = response
  return { status, headers, requestId, body: (await response.json()) as Called['body'] }
}

async function ask<T>(app: RunningApp, target: string): Promise<{ status: number; body: T }> {
  const response = await fetch(`${app.url}${target}`, { headers: { 'x-dashboard-key': secrets.DASHBOARD_API_KEY } })
  return { status: response.status, body: (await response.json()) as T }
}

interface AccountView {
  readonly accountId: string
  readonly status: string
}

async function statusOf(app: RunningApp, accountId: string): Promise<string | undefined> {
  const { body } = await ask<{ accounts: AccountView[] }>(app, '/api/accounts')
  return body.accounts.find((account) => account.accountId === accountId)?.status
}

interface DetailView {
  readonly attempts: readonly { accountId: string; status: number; reason: string; skipped?: object[] }[]
  readonly noAccount: { reason: string; skipped?: object[] } | null
}

/** The request as the dashboard shows it, once it is recorded. */
function detailOf(app: RunningApp, requestId: string): Promise<DetailView> {
  return waitUntil(
    async () => {
      const { status, body } = await ask<DetailView>(app, `/api/requests/${requestId}`)
      return status === 200 && body.attempts ? body : null
    },
    { ...patient, what: 'the record of the request' },
  )
}

describe('three accounts, of which one fails', () => {
  it('show no error to any client, and the record says what was passed over', async () => {
    fake.forCredential(secretOf('pool'), 'error?status=529')
    const calls = []
    for (let index = 0; index < 40; index += 1) {
      calls.push(await call(index % 2 ? second : first, 'pool', { session: `session-${index}` }))
    }
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]))
    const failed = fake.requests.filter((exchange) => exchange.header('x-api-key') === secretOf('pool'))
    expect(failed.length).toBeGreaterThan(0)
    const details = await Promise.all(calls.map(({ requestId }) => detailOf(first, requestId)))
    const handedOn = details.find(({ attempts }) => attempts.length === 2)
    expect(handedOn?.attempts).toMatchObject([
      { accountId: 'acc_pool', status: 529 },
      { status: 200, skipped: [{ accountId: 'acc_pool', why: 'answered 529' }] },
    ])
  })
})

describe('an account that is cooling', () => {
  it('is known to every replica, survives a restart, and is answered for with the time that is left', async () => {
    fake.forCredential(secretOf('cooling'), 'error?status=429&retry-after=900')
    expect((await call(first, 'cooling')).status).toBe(429)
    await waitUntil(async () => (await statusOf(second, 'acc_cooling')) === 'cooling', {
      ...patient,
      what: 'the other replica to hear of it',
    })
    fake.reset()
    const { dataDir } = second
    await second.kill()
    second = await start({ DATABASE_URL: first.databaseUrl }, dataDir)
    await waitUntil(async () => (await statusOf(second, 'acc_cooling')) === 'cooling', {
      ...patient,
      what: 'the new process to read it',
    })
    const refused = await call(second, 'cooling')
    expect([refused.status, refused.body.error?.type]).toEqual([429, 'rate_limit_error'])
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(600)
    expect(seconds).toBeLessThanOrEqual(900)
    expect(fake.requests).toEqual([])
    const { attempts, noAccount } = await detailOf(second, refused.requestId)
    expect(attempts).toEqual([])
    expect(noAccount?.skipped).toMatchObject([
      { accountId: 'acc_cooling', why: expect.stringMatching(/^cooling, \d+ s left$/) },
    ])
  })
})

describe('a client key', () => {
  it('that is revoked stops at every replica', async () => {
    for (const app of [first, second]) expect((await call(app, 'revoked')).status).toBe(200)
    await database.query(
      `UPDATE client_keys SET revoked_at = now(), revoked_reason = 'dashboard'
       FROM domains d WHERE d.id = domain_id AND d.name = 'revoked.example.com'`,
    )
    for (const app of [first, second]) {
      await waitUntil(async () => (await call(app, 'revoked')).status === 401, {
        ...patient,
        what: 'the key to be refused',
      })
    }
  })

  it('for some models is refused every other one, and nothing reaches the upstream', async () => {
    const refused = await call(second, 'haiku', { model: 'claude-opus-5-5' })
    expect([refused.status, refused.body.error]).toEqual([
      403,
      { type: 'permission_error', message: 'This client key may not use claude-opus-5-5.' },
    ])
    expect(fake.requests).toEqual([])
    expect((await call(second, 'haiku', { model: 'claude-haiku-4-5' })).status).toBe(200)
  })
})

describe('a stored login that has expired', () => {
  it('is refreshed exactly once by two processes that need it at the same time', async () => {
    const calls = await Promise.all([first, second, first, second].map((app) => call(app, 'login')))
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(issuer.brought.filter((token) => token === 'sk-ant-ort01-first')).toHaveLength(1)
    const used = fake.requests.map((exchange) => exchange.header('authorization'))
    expect(new Set(used)).toEqual(new Set(['Bearer sk-ant-oat01-issued-number-1']))
  })

  it('is renewed exactly once by two processes whose token the upstream refuses, and no client sees that', async () => {
    fake.forCredential(withdrawn.accessToken, 'error?status=401')
    const calls = await Promise.all([first, second, first, second].map((app) => call(app, 'withdrawn')))
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(issuer.brought.filter((token) => token === withdrawn.refreshToken)).toHaveLength(1)
    expect(await statusOf(first, 'acc_withdrawn')).toBe('ok')
  })
})
