import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ListedAccount } from '@/lib/accounts/accounts'
import { chooseAccount, reportAttempt } from '@/lib/accounts/choose-account'
import type { AccountTest } from '@/lib/accounts/test-account'
import { hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import type { Caller, HeaderList } from '@/lib/proxy/ports'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { changeEnv } from '@/lib/testing/change-env'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { DELETE, GET as getOne, PATCH } from './[accountId]/route'
import { POST as clearHealth } from './[accountId]/clear-health/route'
import { POST as test } from './[accountId]/test/route'
import { GET, POST } from './route'

let database: TestDatabase
let fake: FakeClaude
let admin: string
let restoreEnv: () => void
const [teamA, teamB] = [newId(), newId()]

beforeAll(async () => {
  database = await createTestDatabase()
  fake = await startFakeClaude()
  restoreEnv = changeEnv({ CLAUDE_API_BASE_URL: fake.url })
  admin = await signIn('admin')
  await prisma().domain.createMany({
    data: [
      { id: teamA, name: 'team-a.example.com' },
      { id: teamB, name: 'team-b.example.com' },
    ],
  })
})
afterAll(async () => {
  restoreEnv()
  await fake.close()
  await database.drop()
})
beforeEach(() => hotPool().query('TRUNCATE accounts, account_domains, audit_events, api_requests, usage_hours'))
afterEach(() => void vi.restoreAllMocks())

const apiKey = 'sk-ant-api03-canary-0123456789-wxyz'
const given = { kind: 'api_key', name: 'Console', apiKey, domains: [{ domainId: teamA }] }

const create = (more: object = {}, as: string | null = admin) =>
  callRoute<ListedAccount>(POST, { as, method: 'POST', body: { ...given, ...more } })
const change = (accountId: string, body: object, as: string | null = admin) =>
  callRoute<ListedAccount>(PATCH, { as, method: 'PATCH', params: { accountId }, body })
const remove = (accountId: string, as: string | null = admin) =>
  callRoute(DELETE, { as, method: 'DELETE', params: { accountId } })
const list = (as: string | null = admin) => callRoute<{ accounts: ListedAccount[] }>(GET, { as })
const tryOut = (accountId: string, as: string | null = admin) =>
  callRoute<AccountTest>(test, { as, method: 'POST', params: { accountId } })

const asked = { path: '/v1/messages', headers: [], body: new Uint8Array() }

const report = (accountId: string, status: number, headers: HeaderList = []) =>
  reportAttempt({ accountId, startedAtMs: 0, durationMs: 1, status, error: null, reason: '' }, headers, asked)

async function chosenFor(domainId: string) {
  const caller: Caller = { domainId, domain: 'a domain', clientKeyId: null, mode: 'account', capture: 'full' }
  return chooseAccount({ caller, path: '/v1/messages', headers: [], body: new Uint8Array(), attempts: [] })
}

describe('POST /api/accounts', () => {
  it('makes an account that pays for its domains at once', async () => {
    const { status, body } = await create()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      accountId: expect.stringMatching(/^acc_[0-9A-Za-z]{20}$/),
      name: 'Console',
      kind: 'api_key',
      last4: 'wxyz',
      status: 'ok',
      domains: [{ domainId: teamA, domain: 'team-a.example.com', position: 0, weight: 1 }],
    })
    expect(await chosenFor(teamA)).toMatchObject({ accountId: body.accountId, credential: ['x-api-key', apiKey] })
    expect(await chosenFor(teamB)).toMatchObject({ noAccount: true })
  })

  it('shows the secret to nobody: no answer, no list, no log, no audit entry, no column', async () => {
    const written: string[] = []
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      vi.spyOn(log(), level).mockImplementation((...parts: unknown[]) => void written.push(JSON.stringify(parts)))
    }
    const made = await create()
    const { accountId } = made.body
    const answers = [
      made,
      await list(),
      await callRoute(getOne, { as: admin, params: { accountId } }),
      await change(accountId, { apiKey: `${apiKey}-2`, name: 'Renamed' }),
      await tryOut(accountId),
      await create({ apiKey: `${apiKey} with spaces` }),
      await remove(accountId),
    ]
    const { rows } = await hotPool().query<{ text: string }>(
      `SELECT row_to_json(a)::text AS text FROM accounts a UNION ALL SELECT row_to_json(e)::text FROM audit_events e`,
    )
    expect(rows).toHaveLength(4)
    const spellings = [
      apiKey,
      Buffer.from(apiKey).toString('base64'),
      Buffer.from(apiKey).toString('hex'),
      encodeURIComponent(apiKey),
    ]
    for (const text of [...answers.map(({ text }) => text), ...rows.map(({ text }) => text), ...written]) {
      for (const spelling of spellings) expect(text).not.toContain(spelling.slice(0, 30))
    }
    for (const { text } of answers) expect(text).not.toMatch(/sealed/i)
  })

  it('puts a new account behind those that the domain has', async () => {
    const first = (await create()).body
    await create({ name: 'Second' })
    expect(await chosenFor(teamA)).toMatchObject({
      accountId: first.accountId,
      reason: 'first of 2 accounts of a domain',
    })
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ apiKey: 'short' }, 'apiKey'],
    [{ apiKey: 'with a space in it' }, 'apiKey'],
    [{ apiKey: 'cnp_live_0123456789abcdef' }, 'apiKey'],
    [{ kind: 'password' }, 'kind'],
    [{ domains: [{ domainId: 'x' }] }, 'domains.0.domainId'],
    [{ domains: [{ domainId: teamA }, { domainId: teamA }] }, 'domains'],
    [{ domains: [{ domainId: '0190a000-0000-7000-8000-00000000000a' }] }, 'domains'],
    [{ baseUrl: 'https://169.254.169.254' }, 'baseUrl'],
    [{ baseUrl: 'http://127.0.0.1:9' }, 'baseUrl'],
  ])('refuses %j, names the field and makes nothing', async (body, field) => {
    const answer = await create(body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ details: { fields: [{ field }] } })
    expect(await prisma().account.count()).toBe(0)
  })

  it('lets nobody set columns that are not theirs', async () => {
    for (const column of ['id', 'accountId', 'sealedSecret', 'last4', 'source', 'deletedAt', 'createdAt', 'isPaused']) {
      expect((await create({ [column]: 'x' })).status).toBe(400)
    }
  })

  it('stores a login only where the operator allows it, and never shares it', async () => {
    const login = { kind: 'oauth', apiKey: undefined, oauth: { accessToken: 'sk-ant-oat01-canary' } }
    expect(await create(login)).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'kind' }] } } })
    const restore = changeEnv({ ALLOW_STORED_OAUTH: true })
    expect((await create(login)).status).toBe(201)
    const shared = { ...login, domains: [{ domainId: teamA }, { domainId: teamB }] }
    expect(await create(shared)).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'domains' }] } } })
    restore()
  })

  it('is for owners and admins alone', async () => {
    expect((await create({}, null)).status).toBe(401)
    expect((await create({}, await signIn('member'))).status).toBe(403)
    expect((await create({}, await signIn('viewer'))).status).toBe(403)
    expect(await prisma().account.count()).toBe(0)
  })
})

describe('GET /api/accounts', () => {
  it('says for everybody how each account stands and what it did', async () => {
    const { accountId } = (await create()).body
    const at = new Date(Date.now() - 60_000)
    await insertRequests([
      aRequest(at, { account_id: accountId }),
      aRequest(new Date(Date.now() - 86_400_000 + 600_000), { account_id: accountId }),
      aRequest(new Date(Date.now() - 86_400_000 - 30_000), { account_id: accountId }),
      aRequest(new Date(Date.now() - 40 * 86_400_000), { account_id: accountId }),
    ])
    await rollUpInserted()
    const { status, body } = await list(await signIn('viewer'))
    expect(status).toBe(200)
    expect(body.accounts).toMatchObject([{ accountId, requestCount24h: 2, lastUsedAt: at.toISOString(), status: 'ok' }])
  })

  it('says that an account is cooling, and until when', async () => {
    const { accountId } = (await create()).body
    report(accountId, 429, [['retry-after', '60']])
    const [account] = (await list()).body.accounts
    expect(account?.status).toBe('cooling')
    expect(Date.parse(String(account?.backAt))).toBeGreaterThan(Date.now() + 55_000)
  })

  it('says that an account needs a new credential once its own was refused, until it gets one', async () => {
    const { accountId } = (await create()).body
    report(accountId, 401)
    expect((await list()).body.accounts).toMatchObject([
      { status: 'needs_login', lastError: '401: the credential was refused' },
    ])
    await change(accountId, { apiKey: 'sk-ant-api03-canary-replaced' })
    expect((await list()).body.accounts).toMatchObject([{ status: 'ok' }])
  })

  it('shows of a stored login when it ends and whether it goes on by itself, never the login', async () => {
    const { accountId } = (await create()).body
    const login = { tokenExpiresAt: new Date(Date.UTC(2027, 0, 1)), canRefresh: true }
    await prisma().account.update({ where: { accountId }, data: { kind: 'oauth', ...login } })
    const [account] = (await list()).body.accounts
    expect(account?.login).toMatchObject({ canRefresh: true, refreshedAt: null })
    expect(new Date(String(account?.login?.expiresAt))).toEqual(login.tokenExpiresAt)
  })

  it('is not for strangers', async () => {
    expect((await list(null)).status).toBe(401)
  })
})

describe('POST /api/accounts/{accountId}/clear-health', () => {
  const clear = (accountId: string, as = admin) =>
    callRoute<ListedAccount>(clearHealth, { as, method: 'POST', params: { accountId } })

  it('has a cooling account asked again at once', async () => {
    const { accountId } = (await create()).body
    report(accountId, 429, [['retry-after', '600']])
    expect(await chosenFor(teamA)).toMatchObject({ noAccount: true, retryAfterSeconds: 600 })
    expect((await clear(accountId)).body).toMatchObject({ status: 'ok' })
    expect(await chosenFor(teamA)).toMatchObject({ accountId })
    expect(await prisma().auditEvent.count({ where: { action: 'account.clear-health' } })).toBe(1)
  })

  it('is for owners and admins alone', async () => {
    const { accountId } = (await create()).body
    expect((await clear(accountId, await signIn('viewer'))).status).toBe(403)
  })
})

describe('PATCH /api/accounts/{accountId}', () => {
  it('renames, pauses and relinks, and says before and after in the audit log', async () => {
    const { accountId } = (await create()).body
    const body = { name: 'Renamed', isPaused: true, domains: [{ domainId: teamB, position: 3, weight: 2 }] }
    expect(await change(accountId, body)).toMatchObject({
      status: 200,
      body: { name: 'Renamed', status: 'paused', domains: [{ domainId: teamB, position: 3, weight: 2 }] },
    })
    expect(await chosenFor(teamB)).toMatchObject({ noAccount: true })
    await change(accountId, { isPaused: false })
    expect(await chosenFor(teamB)).toMatchObject({ accountId })
    expect(await chosenFor(teamA)).toMatchObject({ noAccount: true })
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: 'account.update' } })
    expect(JSON.parse(event.detail)).toMatchObject({
      before: { name: 'Console', isPaused: false },
      after: { name: 'Renamed', isPaused: true },
    })
  })

  it('keeps the credential that works when the upstream refuses the new one', async () => {
    const { accountId } = (await create()).body
    fake.forCredential('sk-ant-api03-mistyped-1234', 'error?status=401')
    const { status, body } = await change(accountId, { apiKey: 'sk-ant-api03-mistyped-1234' })
    expect([status, body]).toMatchObject([400, { details: { fields: [{ field: 'apiKey' }] } }])
    expect(await chosenFor(teamA)).toMatchObject({ credential: ['x-api-key', apiKey] })
  })

  it('replaces the credential although the upstream is away', async () => {
    const { accountId } = (await create()).body
    const restore = changeEnv({ CLAUDE_API_BASE_URL: 'http://127.0.0.1:9' })
    expect((await change(accountId, { apiKey: 'sk-ant-api03-unchecked-1234' })).status).toBe(200)
    restore()
  })

  it('replaces the credential, and the audit log says only that', async () => {
    const { accountId } = (await create()).body
    const { body } = await change(accountId, { apiKey: 'sk-ant-api03-other-1234' })
    expect(body.last4).toBe('1234')
    expect(body.rotatedAt).not.toBeNull()
    expect(await chosenFor(teamA)).toMatchObject({ credential: ['x-api-key', 'sk-ant-api03-other-1234'] })
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: 'account.update' } })
    expect(JSON.parse(event.detail)).toMatchObject({ credential: 'replaced', after: {} })
  })

  it('sends the credential to another host only when it is entered again', async () => {
    const { accountId } = (await create()).body
    const baseUrl = 'https://1.1.1.1'
    const refused = await change(accountId, { baseUrl })
    expect(refused).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'apiKey' }] } } })
    expect((await callRoute<ListedAccount>(getOne, { as: admin, params: { accountId } })).body.baseUrl).toBeNull()
    expect(await change(accountId, { baseUrl, apiKey })).toMatchObject({ status: 200, body: { baseUrl } })
    expect((await change(accountId, { baseUrl: `${baseUrl}/claude` })).status).toBe(200)
    expect((await change(accountId, { baseUrl: `${baseUrl}:8443` })).status).toBe(400)
    expect((await change(accountId, { baseUrl: null })).status).toBe(400)
    expect((await change(accountId, { baseUrl: 'https://10.0.0.1', apiKey })).status).toBe(400)
  })

  it('leaves the credential of a file to the file', async () => {
    const { accountId } = (await create()).body
    await prisma().account.update({ where: { accountId }, data: { source: 'file' } })
    expect((await change(accountId, { apiKey })).status).toBe(409)
    expect((await change(accountId, { name: 'Renamed' })).status).toBe(200)
  })

  it('does not take a credential of the other kind', async () => {
    const { accountId } = (await create()).body
    expect((await change(accountId, { oauth: { accessToken: 'sk-ant-oat01-canary' } })).status).toBe(400)
  })

  it('is for owners and admins alone, and knows only accounts that exist', async () => {
    const { accountId } = (await create()).body
    expect((await change(accountId, { name: 'x' }, await signIn('member'))).status).toBe(403)
    expect((await change(accountId, { name: 'x' }, null)).status).toBe(401)
    expect((await change('acc_unknown', { name: 'x' })).status).toBe(404)
    expect((await change(accountId, { sealedSecret: 'x' })).status).toBe(400)
  })
})

describe('DELETE /api/accounts/{accountId}', () => {
  it('unlinks the account, forgets its secret and keeps its row for the record', async () => {
    const { accountId } = (await create()).body
    expect((await remove(accountId)).status).toBe(200)
    expect((await list()).body.accounts).toEqual([])
    expect(await chosenFor(teamA)).toMatchObject({ noAccount: true })
    const stored = await prisma().account.findUniqueOrThrow({ where: { accountId }, include: { domains: true } })
    expect(stored).toMatchObject({ name: 'Console', domains: [], deletedAt: expect.any(Date) })
    expect(stored.sealedSecret).toHaveLength(0)
    expect((await remove(accountId)).status).toBe(404)
    expect(await prisma().auditEvent.count({ where: { action: 'account.delete' } })).toBe(1)
  })

  it('is refused while a credential file names the account', async () => {
    const { accountId } = (await create()).body
    await prisma().account.update({ where: { accountId }, data: { source: 'file' } })
    expect((await remove(accountId)).status).toBe(409)
  })

  it('is for owners and admins alone', async () => {
    const { accountId } = (await create()).body
    expect((await remove(accountId, await signIn('viewer'))).status).toBe(403)
    expect((await remove(accountId, null)).status).toBe(401)
    expect((await list()).body.accounts).toHaveLength(1)
  })
})

describe('POST /api/accounts/{accountId}/test', () => {
  it('asks the upstream with the stored credential and says that it works', async () => {
    fake.reset()
    const { body } = await tryOut((await create()).body.accountId)
    expect(body).toMatchObject({ ok: true, status: 200, message: 'The credential works.' })
    expect(body.latencyMs).toBeGreaterThanOrEqual(0)
    expect(fake.requests).toHaveLength(1)
    expect(fake.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' })
  })

  it('says what the upstream said when it refuses', async () => {
    const { accountId } = (await create()).body
    fake.next('error?status=401&message=invalid x-api-key')
    expect((await tryOut(accountId)).body).toMatchObject({
      ok: false,
      status: 401,
      message: 'The upstream refused the credential: invalid x-api-key.',
    })
  })

  it('does not follow a redirect with the credential', async () => {
    const { accountId } = (await create()).body
    fake.reset()
    fake.next(`redirect?to=${encodeURIComponent(`${fake.url}/elsewhere`)}`)
    expect((await tryOut(accountId)).body).toMatchObject({
      ok: false,
      status: 307,
      message: expect.stringContaining('redirects'),
    })
    expect(fake.requests).toHaveLength(1)
  })

  it('says that nobody is there, and what the log needs not to say', async () => {
    const { accountId } = (await create()).body
    const restore = changeEnv({ CLAUDE_API_BASE_URL: 'http://127.0.0.1:9' })
    expect((await tryOut(accountId)).body).toMatchObject({
      ok: false,
      status: null,
      message: 'The upstream could not be reached (ECONNREFUSED).',
    })
    restore()
  })

  it('says that the credential cannot be opened any more', async () => {
    const { accountId } = (await create()).body
    await prisma().account.update({ where: { accountId }, data: { sealedSecret: Buffer.alloc(120, 1) } })
    expect((await tryOut(accountId)).body).toMatchObject({
      ok: false,
      message: expect.stringContaining('Enter the credential again.'),
    })
  })

  it('is for owners and admins alone, and knows only accounts that exist', async () => {
    const { accountId } = (await create()).body
    expect((await tryOut(accountId, await signIn('member'))).status).toBe(403)
    expect((await tryOut(accountId, null)).status).toBe(401)
    expect((await tryOut('acc_unknown')).status).toBe(404)
  })
})
