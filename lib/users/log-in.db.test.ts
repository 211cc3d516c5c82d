import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prisma } from '../prisma'
import { newId } from '../ids'
import { dashboardPool } from '../db'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { waitUntil } from '../testing/wait-until'
import { appendLock } from './audit'
import { logIn } from './log-in'
import { hashPassword } from './password-hash'
import { getSession } from './sessions'

const password = 'tidal-mango-hinge-42'
let database: TestDatabase
let email: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  email = `${newId()}@example.com`
  // A process-wide limit: every test begins with a fresh one.
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('nexus.login-throttle')]
  await database.pool.query('TRUNCATE audit_events')
  await prisma().user.create({
    data: { id: newId(), email, name: 'Ada', role: 'owner', passwordHash: await hashPassword(password) },
  })
})

const attempt = (given: { email?: string; password?: string; code?: string; address?: string }) =>
  logIn({ email, password, code: '', address: '10.0.0.1', userAgent: 'test', ...given })
const messageOf = (given: Parameters<typeof attempt>[0]) =>
  attempt(given).then(
    () => 'logged in',
    (error: Error) => error.message,
  )

describe('logIn', () => {
  it('begins a session that holds', async () => {
    expect(await getSession(await attempt({}))).toMatchObject({ name: 'Ada', role: 'owner' })
  })

  it('takes the address in whatever case and the password in whatever composition it is typed', async () => {
    const composed = 'caf\u00e9-hinge-mango-42'
    await prisma().user.update({ where: { email }, data: { passwordHash: await hashPassword(composed) } })
    expect(await attempt({ email: ` ${email.toUpperCase()} `, password: composed.normalize('NFD') })).toBeDefined()
  })

  it('says the same for a wrong password, an unknown user, a disabled user and what is no address', async () => {
    const wrong = await messageOf({ password: 'not-the-password-42' })
    expect(await messageOf({ email: 'nobody@example.com' })).toBe(wrong)
    expect(await messageOf({ email: "' OR 1=1 --" })).toBe(wrong)
    await prisma().user.update({ where: { email }, data: { isActive: false } })
    expect(await messageOf({})).toBe(wrong)
  })

  it('takes about as long for an unknown user as for a wrong password', async () => {
    const known: number[] = []
    const unknown: number[] = []
    const timed = async (given: Parameters<typeof attempt>[0]) => {
      const begin = performance.now()
      await messageOf(given)
      return performance.now() - begin
    }
    await timed({ email: 'warm-up@example.com' })
    for (let round = 0; round < 4; round += 1) {
      known.push(await timed({ password: 'not-the-password-42' }))
      unknown.push(await timed({ email: `nobody${round}@example.com` }))
    }
    const fastest = (times: number[]) => Math.min(...times)
    // Without the hash of nobody an unknown user takes a tenth of the time.
    expect(fastest(unknown)).toBeGreaterThan(fastest(known) / 4)
    expect(fastest(known)).toBeGreaterThan(fastest(unknown) / 4)
  })

  it('refuses even the right password while the account is slowed down', async () => {
    for (let count = 0; count < 5; count += 1)
      await messageOf({ password: 'not-the-password-42', address: `10.0.0.${count}` })
    expect(await messageOf({ address: '10.9.9.9' })).toMatch(/^Too many attempts\. Try again in \d+ s\.$/)
  })

  it('slows an account that does not exist down in the same way', async () => {
    for (let count = 0; count < 5; count += 1)
      await messageOf({ email: 'nobody@example.com', address: `10.0.0.${count}` })
    expect(await messageOf({ email: 'nobody@example.com' })).toContain('Too many attempts')
  })

  it('writes one audit entry for each attempt, without the password', async () => {
    await attempt({})
    await messageOf({ password: 'not-the-password-42' })
    await messageOf({ email: 'nobody@example.com' })
    const events = await prisma().auditEvent.findMany({ orderBy: { sequence: 'asc' }, omit: { sequence: true } })
    expect(events.map((event) => event.action)).toEqual(['user.login', 'user.login-failed', 'user.login-failed'])
    expect(JSON.stringify(events)).not.toMatch(/password-42|hinge|nobody@/)
  })

  it('leaves connections to the pages, and fails nobody, when many come at once and the audit log is slow', async () => {
    const held = await database.pool.connect()
    await held.query('SELECT pg_advisory_lock($1::bigint)', [appendLock])
    const attempts = Array.from({ length: 20 }, (_, number) =>
      messageOf({ email: `nobody${number}@example.com`, address: `10.1.0.${number}` }),
    )
    const areWaiting = async () => {
      const { rows } = await held.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)
      return rows.length >= 3
    }
    try {
      await waitUntil(areWaiting, { timeoutMs: 20_000, what: 'logins to wait for the audit log' })
      expect((await dashboardPool().query('SELECT 1 AS answer')).rows).toEqual([{ answer: 1 }])
    } finally {
      await held.query('SELECT pg_advisory_unlock($1::bigint)', [appendLock])
      held.release()
    }
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(['The e-mail address or the password is wrong.']))
  })

  it('stores no password, only its argon2id hash', async () => {
    const user = await prisma().user.findUniqueOrThrow({ where: { email } })
    expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})
