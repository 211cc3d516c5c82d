import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '@/lib/ids'
import { prisma } from '@/lib/prisma'
import { changeEnv } from '@/lib/testing/change-env'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { meetBehind } from '@/lib/testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { createAccount, deleteAccount, updateAccount } from './change-account'
import { importCredentialFile } from './credential-import'
import { sealSecret, type Login } from './secrets'
import { loadLogin, saveLogin } from './stored-login'

let database: TestDatabase
let fake: FakeClaude
let restoreEnv: () => void
beforeAll(async () => {
  database = await createTestDatabase()
  fake = await startFakeClaude()
  restoreEnv = changeEnv({ CLAUDE_API_BASE_URL: fake.url })
})
afterAll(async () => {
  restoreEnv()
  await fake.close()
  await database.drop()
})
beforeEach(() => database.pool.query('TRUNCATE accounts, domains CASCADE'))

const by = { actor: { userId: null, name: 'a test' } }
const rowLock = { sql: 'SELECT FROM accounts FOR UPDATE' }
const elsewhere = 'https://1.1.1.1'

async function addKey(): Promise<string> {
  const apiKey = 'sk-ant-api03-the-old-one-aaaa'
  const given = { kind: 'api_key', name: 'Console', apiKey, organization: '', domains: [] } as const
  return (await createAccount({ ...given, domains: [] }, by)).accountId
}

describe('an account', () => {
  it('that is deleted keeps no credential, though somebody enters one at the same moment', async () => {
    const accountId = await addKey()
    const [, updated] = await meetBehind(database.pool, rowLock, [
      () => deleteAccount(accountId, by),
      () => updateAccount(accountId, { apiKey: 'sk-ant-api03-the-new-one-bbbb' }, by),
    ])
    expect(updated).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } })
    expect((await prisma().account.findUniqueOrThrow({ where: { accountId } })).sealedSecret).toHaveLength(0)
  })

  it('is deleted once, however many do it at once', async () => {
    const accountId = await addKey()
    const remove = () => deleteAccount(accountId, by)
    const answers = await meetBehind(database.pool, rowLock, [remove, remove])
    expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'not-found' } }])
  })

  it('does not take a credential that was entered for one host to the host that it left at the same moment', async () => {
    const accountId = await addKey()
    await prisma().account.update({ where: { accountId }, data: { baseUrl: elsewhere } })
    const [, updated] = await meetBehind(database.pool, rowLock, [
      () => updateAccount(accountId, { baseUrl: null, apiKey: 'sk-ant-api03-the-new-one-bbbb' }, by),
      () => updateAccount(accountId, { baseUrl: elsewhere }, by),
    ])
    expect(updated).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    expect(await prisma().account.findUniqueOrThrow({ where: { accountId } })).toMatchObject({ baseUrl: null })
  })

  it('keeps the login that was refreshed while a credential file took the account over', async () => {
    const [uuid, accountId] = [newId(), 'acc_login']
    const oauth: Login = { accessToken: 'sk-ant-oat01-old', refreshToken: 'sk-ant-ort01-old', expiresAt: 1 }
    const sealedSecret = Buffer.from(sealSecret({ kind: 'oauth', oauth }, uuid))
    await prisma().account.create({
      data: { id: uuid, accountId, name: 'login', kind: 'oauth', sealedSecret, last4: '-old' },
    })
    const from = await loadLogin(uuid)
    const file = { name: 'a file', domain: 'team-a.example.com', accountId, clientKey: null } as const
    const answers = await meetBehind(database.pool, rowLock, [
      () => saveLogin(uuid, from!, { ...oauth, accessToken: 'sk-ant-oat01-new', refreshToken: 'sk-ant-ort01-new' }),
      () => importCredentialFile({ ...file, secret: { kind: 'oauth', oauth } }, { files: [], badDomains: [] }),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect((await loadLogin(uuid))?.login.refreshToken).toBe('sk-ant-ort01-new')
  })
})
