import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { accountHealth } from './account-health'
import { credentialHeader, renewHeader, type Sealed } from './credential-header'
import { takeLease } from './lease'
import { refreshLogin } from './refresh-login'
import { openLogin, sealSecret, type Login } from './secrets'

let database: TestDatabase
let issuer: Server
let restoreEnv: () => void
/** Bodies of the calls to the token address. */
let asked: { refresh_token?: string; grant_type?: string; client_id?: string }[]
let answer: () => { status: number; body: unknown }

beforeAll(async () => {
  database = await createTestDatabase()
  issuer = createServer(async (message, response) => {
    const pieces: Buffer[] = []
    for await (const piece of message) pieces.push(piece as Buffer)
    asked.push(JSON.parse(Buffer.concat(pieces).toString()) as (typeof asked)[number])
    const { status, body } = answer()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const { port } = issuer.address() as AddressInfo
  restoreEnv = changeEnv({ CLAUDE_OAUTH_TOKEN_URL: `http://127.0.0.1:${port}/v1/oauth/token` })
})
afterAll(async () => {
  restoreEnv()
  issuer.closeAllConnections()
  await new Promise((resolve) => issuer.close(resolve))
  await database.drop()
})
beforeEach(() => {
  asked = []
  answer = () => ({
    status: 200,
    body: {
      access_token: `sk-ant-oat01-number-${asked.length}`,
      refresh_token: `sk-ant-ort01-number-${asked.length}`,
      expires_in: 28_800,
    },
  })
})
afterEach(() => void vi.restoreAllMocks())

const expired: Login = { accessToken: 'sk-ant-oat01-old', refreshToken: 'sk-ant-ort01-old', expiresAt: Date.now() - 1 }

async function addLogin(login: Login = expired): Promise<Sealed> {
  const uuid = newId()
  const accountId = `acc_${uuid.replaceAll('-', '')}`
  const sealed = sealSecret({ kind: 'oauth', oauth: login }, uuid)
  await prisma().account.create({
    data: { id: uuid, accountId, name: 'login', kind: 'oauth', sealedSecret: Buffer.from(sealed), last4: 'xxxx' },
  })
  return { uuid, accountId, kind: 'oauth', sealedSecret: sealed.toString('base64') }
}

async function storedLogin({ uuid }: Sealed): Promise<Login> {
  const { sealedSecret } = await prisma().account.findUniqueOrThrow({ where: { id: uuid } })
  return openLogin(sealedSecret, uuid)
}

const bearer = (token: string) => ({ header: ['authorization', `Bearer ${token}`] })

describe('a stored login whose token is refused before its time', () => {
  const withoutEnd: Login = { accessToken: 'sk-ant-oat01-withdrawn', refreshToken: 'sk-ant-ort01-withdrawn' }
  const refused = 'Bearer sk-ant-oat01-withdrawn'

  it('is renewed once for all calls that meet the refusal, and stored', async () => {
    const account = await addLogin(withoutEnd)
    const renewed = await Promise.all(Array.from({ length: 20 }, () => renewHeader({ ...account }, refused)))
    expect(new Set(renewed.map((header) => header?.[1]))).toEqual(new Set(['Bearer sk-ant-oat01-number-1']))
    expect(asked).toHaveLength(1)
    expect(await storedLogin(account)).toMatchObject({ accessToken: 'sk-ant-oat01-number-1' })
  })

  it('is not renewed again when its new token is refused, too', async () => {
    const account = await addLogin(withoutEnd)
    await renewHeader(account, refused)
    expect(await renewHeader(account, 'Bearer sk-ant-oat01-number-1')).toBeNull()
    expect(asked).toHaveLength(1)
  })

  it('gives way to the login that a person has entered meanwhile', async () => {
    const account = await addLogin(withoutEnd)
    await renewHeader(account, refused)
    const entered = { ...expired, accessToken: 'sk-ant-oat01-entered' }
    const sealedSecret = Buffer.from(sealSecret({ kind: 'oauth', oauth: entered }, account.uuid))
    await prisma().account.update({ where: { id: account.uuid }, data: { sealedSecret } })
    expect(await renewHeader(account, 'Bearer sk-ant-oat01-number-1')).toEqual(bearer('sk-ant-oat01-entered').header)
  })

  it('stays refused without a token to renew it with, or when the upstream ends it', async () => {
    const { refreshToken: _none, ...alone } = withoutEnd
    expect(await renewHeader(await addLogin(alone), refused)).toBeNull()
    answer = () => ({ status: 400, body: { error: 'invalid_grant' } })
    vi.spyOn(log(), 'warn').mockReturnValue()
    expect(await renewHeader(await addLogin(withoutEnd), refused)).toBeNull()
  })
})

describe('a stored login that has expired', () => {
  it('is refreshed before the call, and stored before it is used', async () => {
    const account = await addLogin()
    expect(await credentialHeader(account)).toEqual(bearer('sk-ant-oat01-number-1'))
    expect(asked).toEqual([expect.objectContaining({ grant_type: 'refresh_token', refresh_token: 'sk-ant-ort01-old' })])
    expect(await storedLogin(account)).toMatchObject({
      accessToken: 'sk-ant-oat01-number-1',
      refreshToken: 'sk-ant-ort01-number-1',
    })
  })

  it('is refreshed once for many calls at the same time', async () => {
    const account = await addLogin()
    const headers = await Promise.all(Array.from({ length: 20 }, () => credentialHeader({ ...account })))
    expect(new Set(headers.map((header) => JSON.stringify(header)))).toEqual(
      new Set([JSON.stringify(bearer('sk-ant-oat01-number-1'))]),
    )
    expect(asked).toHaveLength(1)
  })

  it('waits for another process that is refreshing it, and takes what that one has stored', async () => {
    const account = await addLogin()
    await takeLease(`refresh-login:${account.uuid}`, 60_000)
    const waiting = refreshLogin({ ...account, accessToken: expired.accessToken })
    const theirs = { ...expired, accessToken: 'sk-ant-oat01-theirs', expiresAt: Date.now() + 3_600_000 }
    const sealedSecret = Buffer.from(sealSecret({ kind: 'oauth', oauth: theirs }, account.uuid))
    await prisma().account.update({ where: { id: account.uuid }, data: { sealedSecret } })
    expect((await waiting).accessToken).toBe('sk-ant-oat01-theirs')
    expect(asked).toEqual([])
  })

  it('is refreshed although a process that was at it has died', async () => {
    const account = await addLogin()
    await takeLease(`refresh-login:${account.uuid}`, -1)
    expect(await credentialHeader(account)).toEqual(bearer('sk-ant-oat01-number-1'))
  })

  it('keeps its refresh token when the upstream gives no new one', async () => {
    answer = () => ({ status: 200, body: { access_token: 'sk-ant-oat01-next', expires_in: 60 } })
    const account = await addLogin()
    await credentialHeader(account)
    expect(await storedLogin(account)).toMatchObject({ refreshToken: 'sk-ant-ort01-old' })
  })

  it('needs a person when the upstream refuses it, and is not asked for again and again', async () => {
    answer = () => ({ status: 400, body: { error: 'invalid_grant' } })
    const warn = vi.spyOn(log(), 'warn')
    const account = await addLogin()
    expect(await credentialHeader(account)).toEqual({ problem: 'its login has expired and could not be refreshed' })
    await credentialHeader({ ...account })
    expect(asked).toHaveLength(1)
    expect(accountHealth().get(account.accountId).refusedAtMs).toBeGreaterThan(0)
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ accountId: account.accountId }),
      'the login of an account has ended',
    )
  })

  it('does not need a person when the upstream is only away for a moment', async () => {
    answer = () => ({ status: 503, body: {} })
    vi.spyOn(log(), 'warn')
    const account = await addLogin()
    expect(await credentialHeader(account)).toHaveProperty('problem')
    expect(accountHealth().get(account.accountId).refusedAtMs).toBe(0)
  })

  it('says nothing of the answer that it cannot read', async () => {
    answer = () => ({ status: 200, body: { access_token: 7, refresh_token: 'sk-ant-ort01-canary' } })
    const warn = vi.spyOn(log(), 'warn')
    await credentialHeader(await addLogin())
    expect(JSON.stringify(warn.mock.calls.map(([fields]) => String((fields as { error: Error }).error)))).not.toContain(
      'canary',
    )
  })
})

describe('a stored login that still works', () => {
  it('is used as it is', async () => {
    const account = await addLogin({ ...expired, expiresAt: Date.now() + 3_600_000 })
    expect(await credentialHeader(account)).toEqual(bearer('sk-ant-oat01-old'))
    expect(asked).toEqual([])
  })

  it('is refreshed beside the call when it ends within minutes', async () => {
    const account = await addLogin({ ...expired, expiresAt: Date.now() + 120_000 })
    expect(await credentialHeader(account)).toEqual(bearer('sk-ant-oat01-old'))
    await waitUntil(async () => (await storedLogin(account)).accessToken === 'sk-ant-oat01-number-1', {
      what: 'the refreshed login to be stored',
    })
  })

  it('that cannot be refreshed is used to its end and not after', async () => {
    const once = { accessToken: 'sk-ant-oat01-year', expiresAt: new Date(Date.now() + 10_000).toISOString() }
    expect(await credentialHeader(await addLogin(once))).toEqual(bearer('sk-ant-oat01-year'))
    const over = await addLogin({ ...once, expiresAt: Math.floor(Date.now() / 1000) - 1 })
    expect(await credentialHeader(over)).toEqual({ problem: 'its login has expired' })
  })
})
