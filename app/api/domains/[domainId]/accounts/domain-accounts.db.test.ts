import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chooseAccount } from '@/lib/accounts/choose-account'
import { createAccount } from '@/lib/accounts/change-account'
import { hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import type { Caller } from '@/lib/proxy/ports'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { PATCH } from '../../../accounts/[accountId]/route'
import { PUT } from './route'

let database: TestDatabase
let admin: string
let accountIds: string[]
const [domainId, otherId] = [newId(), newId()]
const by = { actor: { userId: null, name: 'a test' } }

beforeAll(async () => {
  database = await createTestDatabase()
  admin = await signIn('admin')
  const data = [
    { id: domainId, name: 'team-a.example.com' },
    { id: otherId, name: 'team-b.example.com' },
  ]
  await prisma().domain.createMany({ data })
})
afterAll(() => database.drop())
beforeEach(async () => {
  await hotPool().query('TRUNCATE accounts, account_domains, audit_events')
  accountIds = []
  for (const name of ['one', 'two', 'three']) accountIds.push((await add(name)).accountId)
})

function add(name: string) {
  const given = { kind: 'api_key', name, apiKey: `sk-ant-api03-${name}`, organization: '', domains: [] } as const
  return createAccount({ ...given, domains: [] }, by)
}

async function addLogin(domainIds: readonly string[] = []): Promise<string> {
  const restore = changeEnv({ ALLOW_STORED_OAUTH: true })
  const oauth = { accessToken: 'sk-ant-oat01-canary' }
  const given = { kind: 'oauth', name: 'login', oauth, organization: '' } as const
  const { accountId } = await createAccount({ ...given, domains: domainIds.map((id) => ({ domainId: id })) }, by)
  restore()
  return accountId
}

const put = (body: object, as: string | null = admin, id = domainId) =>
  callRoute<{ accounts: { name: string }[] }>(PUT, { as, method: 'PUT', params: { domainId: id }, body })

async function chosen(clientKeyId: string | null = null) {
  const caller: Caller = { domainId, domain: 'team-a.example.com', clientKeyId, mode: 'account', capture: 'full' }
  const account = await chooseAccount({ caller, path: '/', headers: [], body: new Uint8Array(), attempts: [] })
  return 'noAccount' in account ? null : account.accountId
}

describe('PUT /api/domains/{id}/accounts', () => {
  it('sets the order in which the accounts are spent, at once', async () => {
    const [one = '', two = ''] = accountIds
    expect((await put({ accountIds: [two, one] })).body.accounts.map(({ name }) => name)).toEqual(['two', 'one'])
    expect(await chosen()).toBe(two)
    await put({ accountIds: [one] })
    expect(await chosen()).toBe(one)
    await put({ accountIds: [] })
    expect(await chosen()).toBeNull()
  })

  it('shares the traffic when that is wanted, each client staying in one account', async () => {
    await put({ accountIds, isShared: true })
    const choices = await Promise.all(Array.from({ length: 60 }, (_, at) => chosen(`key ${at}`)))
    expect(new Set(choices).size).toBe(3)
    expect(new Set(await Promise.all(Array.from({ length: 10 }, () => chosen('one key')))).size).toBe(1)
  })

  it('gives an account the weight that is said, and leaves the others theirs', async () => {
    const [one = '', two = ''] = accountIds
    await put({ accountIds, isShared: true, weights: { [one]: 40 } })
    await put({ accountIds, isShared: true, weights: { [two]: 3 } })
    const links = await prisma().accountDomain.findMany({ where: { domainId }, include: { account: true } })
    const weights = Object.fromEntries(links.map(({ account, weight }) => [account.accountId, weight]))
    expect([weights[one], weights[two]]).toEqual([40, 3])
    expect((await put({ accountIds, weights: { [one]: 0 } })).status).toBe(400)
  })

  it('leaves other domains alone, and writes one audit entry', async () => {
    await put({ accountIds }, admin, otherId)
    await put({ accountIds: [] })
    expect(await prisma().accountDomain.count({ where: { domainId: otherId } })).toBe(3)
    expect(await prisma().auditEvent.count({ where: { action: 'domain.set-accounts' } })).toBe(2)
  })

  it('does not take a stored login from another domain', async () => {
    const accountId = await addLogin([otherId])
    expect((await put({ accountIds: [accountId] })).status).toBe(400)
  })

  it('refuses accounts and domains that do not exist, and changes nothing', async () => {
    await put({ accountIds })
    expect((await put({ accountIds: ['acc_unknown'] })).status).toBe(400)
    expect((await put({ accountIds: 'acc_unknown' })).status).toBe(400)
    expect((await put({ accountIds, weight: 3 })).status).toBe(400)
    expect((await put({ accountIds }, admin, newId())).status).toBe(404)
    expect((await put({ accountIds }, admin, 'x')).status).toBe(404)
    expect(await prisma().accountDomain.count({ where: { domainId } })).toBe(3)
  })

  it('is for owners and admins alone', async () => {
    expect((await put({ accountIds }, null)).status).toBe(401)
    expect((await put({ accountIds }, await signIn('member'))).status).toBe(403)
    expect((await put({ accountIds }, await signIn('viewer'))).status).toBe(403)
  })
})

describe('two who link one stored login at the same instant', () => {
  const ofDomain = (accountId: string, id: string) => put({ accountIds: [accountId] }, admin, id)
  const ofAccount = (accountId: string, id: string) =>
    callRoute(PATCH, { as: admin, method: 'PATCH', params: { accountId }, body: { domains: [{ domainId: id }] } })

  it.each([
    ['from two domains', ofDomain, ofDomain],
    ['from a domain and from the account', ofDomain, ofAccount],
    ['from the account', ofAccount, ofAccount],
  ])('do not share it: %s', async (_ways, one, other) => {
    const accountId = await addLogin()
    const holder = await hotPool().connect()
    // Nobody writes a link until both have read what there is.
    await holder.query('BEGIN; LOCK TABLE account_domains IN SHARE MODE')
    const both = Promise.all([one(accountId, domainId), other(accountId, otherId)])
    await waitUntil(async () => (await countWaiting()) === 2, { what: 'both to wait' })
    await holder.query('COMMIT')
    holder.release()
    await both
    expect(await prisma().accountDomain.count({ where: { account: { accountId } } })).toBe(1)
  })
})

async function countWaiting(): Promise<number> {
  const { rows } = await hotPool().query<{ waiting: number }>(
    "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
  )
  return rows[0]?.waiting ?? 0
}
