import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ListedAccount } from '@/lib/accounts/accounts'
import { chooseAccount } from '@/lib/accounts/choose-account'
import { expireKnownAccounts } from '@/lib/accounts/domain-accounts'
import { forgetPrevious } from '@/lib/accounts/overlap'
import { hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { changeEnv } from '@/lib/testing/change-env'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { DELETE, PATCH } from './[accountId]/route'
import { POST } from './route'

const oldKey = 'sk-ant-api03-the-old-one-aaaa'
const newKey = 'sk-ant-api03-the-new-one-bbbb'
const domainId = newId()
let database: TestDatabase
let fake: FakeClaude
let admin: string
let restoreEnv: () => void
let accountId: string

beforeAll(async () => {
  database = await createTestDatabase()
  fake = await startFakeClaude()
  restoreEnv = changeEnv({ CLAUDE_API_BASE_URL: fake.url })
  admin = await signIn('admin')
  await prisma().domain.create({ data: { id: domainId, name: 'team-a.example.com' } })
})
afterAll(async () => {
  restoreEnv()
  await fake.close()
  await database.drop()
})
beforeEach(async () => {
  await hotPool().query('TRUNCATE accounts, account_domains')
  const body = { kind: 'api_key', name: 'Console', apiKey: oldKey, domains: [{ domainId }] }
  accountId = (await callRoute<ListedAccount>(POST, { as: admin, method: 'POST', body })).body.accountId
})

const change = (body: object) =>
  callRoute<ListedAccount>(PATCH, { as: admin, method: 'PATCH', params: { accountId }, body })

async function previousInUse() {
  const caller = { domainId, domain: 'a domain', clientKeyId: null, mode: 'account', capture: 'full' } as const
  const chosen = await chooseAccount({
    caller,
    path: '/v1/messages',
    headers: [],
    body: new Uint8Array(),
    attempts: [],
  })
  return 'noAccount' in chosen ? 'no account' : [chosen.credential?.[1], chosen.previousCredential?.[1]]
}

const storedPrevious = async () =>
  (await prisma().account.findUniqueOrThrow({ where: { accountId } })).sealedPrevious !== null

async function letTimePass(): Promise<void> {
  await hotPool().query("UPDATE accounts SET previous_until = now() - interval '1 second'")
  expireKnownAccounts()
}

describe('a key that takes the place of another', () => {
  it('keeps the one before for the time that was said', async () => {
    const { body } = await change({ apiKey: newKey, keepPreviousMinutes: 10 })
    expect(body).toMatchObject({ last4: 'bbbb', previous: { last4: 'aaaa' } })
    expect(await previousInUse()).toEqual([newKey, oldKey])
    const inMs = Date.parse(body.previous?.until ?? '') - Date.now()
    expect(inMs).toBeGreaterThan(500_000)
    expect(inMs).toBeLessThanOrEqual(600_000)
  })

  it('keeps nothing when nothing is said', async () => {
    expect((await change({ apiKey: newKey })).body.previous).toBeNull()
    expect(await previousInUse()).toEqual([newKey, undefined])
  })

  it('is alone when the time is over, and the one before is destroyed', async () => {
    await change({ apiKey: newKey, keepPreviousMinutes: 10 })
    await letTimePass()
    expect(await previousInUse()).toEqual([newKey, undefined])
    expect(await storedPrevious()).toBe(true)
    await forgetPrevious()
    expect(await storedPrevious()).toBe(false)
  })

  it('is alone at once when a person says so', async () => {
    await change({ apiKey: newKey, keepPreviousMinutes: 10 })
    expect((await change({ keepPreviousMinutes: 0 })).body.previous).toBeNull()
    expect(await storedPrevious()).toBe(false)
    expect(await previousInUse()).toEqual([newKey, undefined])
  })

  it('lets other changes pass by', async () => {
    await change({ apiKey: newKey, keepPreviousMinutes: 10 })
    expect((await change({ name: 'Renamed' })).body.previous).not.toBeNull()
  })

  it('sends the one before to no other host', async () => {
    const { body } = await change({ apiKey: newKey, keepPreviousMinutes: 10, baseUrl: 'https://1.1.1.1' })
    expect(body).toMatchObject({ baseUrl: 'https://1.1.1.1', previous: null })
    expect(await storedPrevious()).toBe(false)
  })

  it('leaves nothing behind when the account is deleted', async () => {
    await change({ apiKey: newKey, keepPreviousMinutes: 10 })
    await callRoute(DELETE, { as: admin, method: 'DELETE', params: { accountId } })
    expect(await storedPrevious()).toBe(false)
  })

  it.each([
    { keepPreviousMinutes: 10 },
    { apiKey: newKey, keepPreviousMinutes: 10_081 },
    { apiKey: newKey, keepPreviousMinutes: -1 },
  ])('refuses %j', async (body) => {
    const answer = await change(body)
    expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'keepPreviousMinutes' }] } } })
  })
})
