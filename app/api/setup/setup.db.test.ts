import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/prisma'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { logIn } from '@/lib/users/log-in'
import { announceSetupToken } from '@/lib/users/setup-token'
import { POST } from './route'

const token = 'a-token-for-the-setup-test'
const owner = { token, name: 'Ada Lovelace', email: 'Ada@Example.com', password: 'tidal-mango-hinge-42' }

let database: TestDatabase
let restore: () => void
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  for (const name of ['users-exist', 'setup-token', 'login-throttle'])
    delete (globalThis as Record<symbol, unknown>)[Symbol.for(`nexus.${name}`)]
  await database.pool.query('TRUNCATE users, audit_events CASCADE')
  restore = changeEnv({ SETUP_TOKEN: token })
  announceSetupToken()
})
afterEach(() => restore())

async function setUp(form: object, headers: Record<string, string> = {}) {
  const own = { origin: 'http://localhost:3000', 'content-type': 'application/json' }
  const response = await POST(
    new Request('http://localhost:3000/api/setup', {
      method: 'POST',
      headers: { ...own, ...headers },
      body: JSON.stringify(form),
    }),
  )
  return {
    status: response.status,
    body: (await response.json()) as { message: string; details?: { fields: { field: string }[] } },
  }
}

describe('POST /api/setup', () => {
  it('makes an owner who can log in, and one audit entry', async () => {
    expect((await setUp(owner)).status).toBe(201)
    expect(await prisma().user.findMany()).toMatchObject([
      { email: 'ada@example.com', name: 'Ada Lovelace', role: 'owner' },
    ])
    expect(await prisma().auditEvent.findMany()).toMatchObject([{ action: 'user.create', actor: 'Ada Lovelace' }])
    expect(
      await logIn({ email: owner.email, password: owner.password, code: '', address: '10.0.0.1', userAgent: null }),
    ).toBeDefined()
  })

  it('lets exactly one of fifty at once win', async () => {
    const tries = Array.from({ length: 50 }, (_, index) => setUp({ ...owner, email: `user${index}@example.com` }))
    const statuses = (await Promise.all(tries)).map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(await prisma().user.count()).toBe(1)
    expect(await prisma().auditEvent.count()).toBe(1)
  })

  it('is gone for ever once there is a user', async () => {
    await setUp(owner)
    announceSetupToken()
    expect((await setUp({ ...owner, email: 'second@example.com' })).status).toBe(404)
    expect(await prisma().user.count()).toBe(1)
  })

  it.each(['', 'wrong', `${token}x`, token.toUpperCase()])('refuses the token %j', async (wrong) => {
    expect((await setUp({ ...owner, token: wrong })).status).toBe(403)
    expect(await prisma().user.count()).toBe(0)
  })

  it('slows down who guesses tokens', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 8; count += 1) statuses.push((await setUp({ ...owner, token: 'wrong' })).status)
    expect(statuses.at(-1)).toBe(429)
    expect((await setUp(owner)).status).toBe(201)
  })

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(81) }],
    ['name', { name: 'Ada\u202e' }],
    ['email', { email: 'ada' }],
    ['email', { email: 'ada@evil.com\u0000@example.com' }],
    ['password', { password: 'short' }],
    ['password', { password: 'password1234' }],
    ['password', { password: 'AdaLovelace1!' }],
    ['password', { password: 'x'.repeat(300) }],
  ])('names the field %s that is wrong in %j', async (field, part) => {
    const { status, body } = await setUp({ ...owner, ...part })
    expect(status).toBe(400)
    expect(body.details?.fields.map((problem) => problem.field)).toEqual([field])
    expect(await prisma().user.count()).toBe(0)
  })

  it.each(['role', 'id', 'isActive', 'sessionEpoch', 'passwordHash', 'password_hash', 'createdAt'])(
    'refuses a form that sets %s',
    async (column) => {
      expect((await setUp({ ...owner, [column]: 'x' })).status).toBe(400)
      expect(await prisma().user.count()).toBe(0)
    },
  )

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'content-type': 'text/plain' },
  ])('refuses a form that came with %j', async (headers) => {
    expect((await setUp(owner, headers)).status).toBe(403)
    expect(await prisma().user.count()).toBe(0)
  })
})
