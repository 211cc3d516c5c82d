import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTokenIssuer, type TokenIssuer } from '@/e2e/routing/token-issuer'
import { openLogin, sealSecret } from '@/lib/accounts/secrets'
import { judgeClientKey } from '@/lib/clients/client-key'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'

let database: TestDatabase
let issuer: TokenIssuer
let uuid: string

beforeAll(async () => {
  database = await createTestDatabase()
  issuer = await startTokenIssuer()
})
afterAll(async () => {
  await issuer.close()
  await database.drop()
})
beforeEach(async () => {
  await prisma().account.deleteMany()
  uuid = newId()
  const oauth = { accessToken: 'sk-ant-oat01-canary', refreshToken: `sk-ant-ort01-canary-${uuid}`, expiresAt: 1 }
  const sealedSecret = Buffer.from(sealSecret({ kind: 'oauth', oauth }, uuid))
  const facts = { id: uuid, accountId: 'acc_login', name: 'Ada', kind: 'oauth', last4: 'nary', canRefresh: true }
  await prisma().account.create({ data: { ...facts, sealedSecret, tokenExpiresAt: new Date(1) } })
})

interface Said {
  readonly code: number
  readonly text: string
}

/** Runs a tool as `npm run` does, on the database of this test. */
async function run(script: string, args: string[] = [], more: Record<string, string> = {}): Promise<Said> {
  const { PATH, HOME } = process.env
  const variables = {
    ...{ PATH, HOME, NODE_ENV: 'test' as const, DATABASE_URL: database.url, ENCRYPTION_KEY: env().encryptionKey },
    ...{ NEXTAUTH_SECRET: env().nextAuthSecret, CLAUDE_OAUTH_TOKEN_URL: issuer.url, ALLOW_STORED_OAUTH: 'true' },
    ...more,
  }
  const command = ['--import', 'tsx', `scripts/${script}.ts`, ...args]
  const said = promisify(execFile)(process.execPath, command, { env: variables }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, text: stdout + stderr }),
  )
  return said
}

test('auth:generate-key says a whole client key and nothing else', async () => {
  expect(judgeClientKey((await run('auth-generate-key')).text.trim())).toBe('whole')
})

test('auth:oauth-status tells how a login stands without showing it', async () => {
  const { code, text } = await run('auth-oauth-status')
  expect(code).toBe(0)
  expect(text).toContain('acc_login  Ada (no domain)')
  expect(text).toContain('refreshes at its next call')
  expect(text).not.toContain('canary')
})

test('auth:oauth-refresh stores the next token, says when it ends and leaves a trace in the audit log', async () => {
  const { code, text } = await run('auth-oauth-refresh', ['acc_login'])
  expect(text).toMatch(/acc_login: refreshed, the token ends \d{4}-/)
  expect(code).toBe(0)
  const { sealedSecret } = await prisma().account.findUniqueOrThrow({ where: { id: uuid } })
  expect(openLogin(sealedSecret, uuid).accessToken).toMatch(/^sk-ant-oat01-issued-number-/)
  expect(await prisma().auditEvent.count({ where: { action: 'account.refresh-login' } })).toBe(1)
})

test('auth:oauth-refresh says that a login has ended, and the status remembers it', async () => {
  const oauth = { accessToken: 'sk-ant-oat01-canary', refreshToken: 'sk-ant-ort01-spent', expiresAt: 1 }
  const sealedSecret = Buffer.from(sealSecret({ kind: 'oauth', oauth }, uuid))
  await prisma().account.update({ where: { id: uuid }, data: { sealedSecret } })
  await fetch(issuer.url, { method: 'POST', body: JSON.stringify({ refresh_token: 'sk-ant-ort01-spent' }) })
  const { code, text } = await run('auth-oauth-refresh', ['acc_login'])
  expect([code, text]).toEqual([1, expect.stringContaining('refused')])
  expect((await run('auth-oauth-status', ['acc_login'])).text).toContain('refused: log in again')
})

test('auth:oauth-refresh does nothing while stored logins are not allowed', async () => {
  const { code, text } = await run('auth-oauth-refresh', ['acc_login'], { ALLOW_STORED_OAUTH: 'false' })
  expect([code, text]).toEqual([78, expect.stringContaining('ALLOW_STORED_OAUTH')])
})
