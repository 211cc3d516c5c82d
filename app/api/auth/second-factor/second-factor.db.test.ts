import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { logIn } from '@/lib/users/log-in'
import { hashPassword } from '@/lib/users/password-hash'
import { codeAt, stepAt } from '@/lib/users/totp'
import { DELETE, POST, PUT } from './route'

const password = 'tidal-mango-hinge-42'
let database: TestDatabase
let passwordHash: string
beforeAll(async () => {
  database = await createTestDatabase()
  passwordHash = await hashPassword(password)
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(async () => {
  vi.useRealTimers()
  await database.drop()
})

let cookie: string
let email: string
beforeEach(async () => {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('nexus.login-throttle')]
  const before = await prisma().user.findMany({ select: { id: true } })
  cookie = await signIn('member')
  const user = await prisma().user.findFirstOrThrow({ where: { id: { notIn: before.map(({ id }) => id) } } })
  email = `${newId()}@example.com`
  await prisma().user.update({ where: { id: user.id }, data: { email, passwordHash } })
})

const begin = () => callRoute<{ key: string; uri: string }>(POST, { as: cookie, method: 'POST' })
const confirm = (code: string) =>
  callRoute<{ recoveryCodes: string[] }>(PUT, { as: cookie, method: 'PUT', body: { code } })
const attempt = (code: string) => logIn({ email, password, code, address: '10.0.0.1', userAgent: null })
const problemOf = (code: string) =>
  attempt(code).then(
    () => 'in',
    (error: Error) => error.message,
  )

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function codeOf(key: string, byMs = 0): string {
  const bits = [...key].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return codeAt(Uint8Array.from(bytes), stepAt(Date.now() + byMs))
}
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

async function switchOn() {
  const { key } = (await begin()).body
  const { recoveryCodes } = (await confirm(codeOf(key))).body
  later(30_000)
  return { key, recoveryCodes }
}

describe('a second factor', () => {
  it('asks for nothing before its first code', async () => {
    await begin()
    expect((await confirm('000000')).status).toBe(400)
    expect(await problemOf('')).toBe('in')
  })

  it('is asked for after the right password alone', async () => {
    await switchOn()
    expect(await problemOf('')).toBe('Enter the code of your app.')
    const wrong = logIn({ email, password: 'not-the-password', code: '', address: '10.0.0.1', userAgent: null })
    await expect(wrong).rejects.toThrow('The e-mail address or the password is wrong.')
  })

  it('lets in with a code, once', async () => {
    const { key } = await switchOn()
    const code = codeOf(key)
    const tries = await Promise.all([problemOf(code), problemOf(code)])
    expect(tries.filter((each) => each === 'in')).toHaveLength(1)
    expect(await problemOf(code)).toBe('This code is wrong or was used already.')
  })

  it('lets in with each recovery code, once', async () => {
    const { recoveryCodes } = await switchOn()
    expect(new Set(recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = recoveryCodes
    expect(await problemOf(first)).toBe('in')
    expect(await problemOf(first)).toBe('This code is wrong or was used already.')
    expect(await problemOf(second.toUpperCase())).toBe('in')
  })

  it('is stored sealed, its recovery codes as hashes', async () => {
    const { key, recoveryCodes } = await switchOn()
    const user = await prisma().user.findUniqueOrThrow({ where: { email } })
    const codes = await database.pool.query('SELECT c::text FROM recovery_codes c')
    const dump = `${Buffer.from(user.sealedTotpSecret ?? []).toString('latin1')} ${JSON.stringify(codes.rows)}`
    for (const secret of [key, ...recoveryCodes]) expect(dump).not.toContain(secret)
  })

  it('does not open at another user', async () => {
    await switchOn()
    const user = await prisma().user.findUniqueOrThrow({ where: { email } })
    const thief = `${newId()}@example.com`
    const { sealedTotpSecret, totpConfirmedAt } = user
    await prisma().user.create({
      data: { id: newId(), email: thief, name: 'T', role: 'viewer', passwordHash, sealedTotpSecret, totpConfirmedAt },
    })
    const stolen = logIn({ email: thief, password, code: '123456', address: '10.0.0.1', userAgent: null })
    await expect(stolen).rejects.toThrow()
  })

  it('can be switched off, which is in the audit log', async () => {
    await switchOn()
    expect((await callRoute(DELETE, { as: cookie, method: 'DELETE' })).status).toBe(200)
    expect(await problemOf('')).toBe('in')
    const events = await prisma().auditEvent.findMany({ where: { action: { startsWith: 'user.second-factor' } } })
    expect(events.at(-1)?.action).toBe('user.second-factor-off')
  })

  it('is not begun or ended by a login that is not fresh', async () => {
    await database.pool.query("UPDATE user_sessions SET proved_at = now() - interval '11 minutes'")
    expect((await begin()).status).toBe(403)
    expect((await callRoute(DELETE, { as: cookie, method: 'DELETE' })).status).toBe(403)
  })
})
