import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { membersLock, type Member } from '@/lib/users/members'
import { roles } from '@/lib/users/permissions'
import { GET as getMe } from '../stats/route'
import { PATCH } from './[userId]/route'
import { GET } from './route'

let database: TestDatabase
let owner: string
let admin: string
beforeAll(async () => {
  database = await createTestDatabase()
  owner = await signIn('owner')
  admin = await signIn('admin')
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE audit_events'))

const list = async (as = owner) => (await callRoute<{ users: Member[] }>(GET, { as })).body.users
const idOf = async (role: string) => (await list()).findLast((user) => user.role === role && user.isActive)!.userId
const change = (userId: string, body: unknown, as = owner) =>
  callRoute<Member>(PATCH, { as, method: 'PATCH', params: { userId }, body })

async function newUser(role: (typeof roles)[number]) {
  const before = new Set((await list()).map(({ userId }) => userId))
  const cookie = await signIn(role)
  const made = (await list()).find(({ userId }) => !before.has(userId))!
  return { cookie, userId: made.userId }
}

async function isWaitedFor(times: number): Promise<boolean> {
  const { rows } = await database.pool.query<{ times: number }>(
    `SELECT count(*)::int AS times FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted AND objid = $1`,
    [membersLock % 2 ** 32],
  )
  return rows[0]?.times === times
}

async function newDomain(name: string): Promise<string> {
  const id = newId()
  await prisma().domain.create({ data: { id, name } })
  return id
}

describe('the members', () => {
  it('are listed for owners and admins alone', async () => {
    expect((await list(admin)).map(({ role }) => role)).toEqual(expect.arrayContaining(['owner', 'admin']))
    for (const role of ['member', 'viewer'] as const)
      expect((await callRoute(GET, { as: await signIn(role) })).status).toBe(403)
  })

  it('are shown with the logins that hold, not with those that ran out', async () => {
    const { userId } = await newUser('member')
    const loginsOf = async () => (await list()).find((user) => user.userId === userId)!.loginCount
    expect(await loginsOf()).toBe(1)
    await prisma().userSession.updateMany({ where: { userId }, data: { lastSeenAt: new Date(0) } })
    expect(await loginsOf()).toBe(0)
  })

  it('never show a password hash or a secret', async () => {
    await database.pool.query("UPDATE users SET password_hash = 'canary-hash', sealed_totp_secret = 'canary-totp'")
    expect(JSON.stringify(await list())).not.toContain('canary')
  })
})

describe('a change of role', () => {
  it('ends the logins of that user and is in the audit log', async () => {
    const { cookie, userId } = await newUser('member')
    const answer = await change(userId, { role: 'viewer' })
    expect(answer).toMatchObject({ status: 200, body: { role: 'viewer', loginCount: 0 } })
    expect((await callRoute(getMe, { as: cookie })).status).toBe(401)
    const events = await prisma().auditEvent.findMany({ omit: { sequence: true } })
    expect(events.map(({ action, targetId }) => [action, targetId])).toEqual([['user.change-role', userId]])
    expect(JSON.parse(events[0]!.detail)).toMatchObject({ before: { role: 'member' }, after: { role: 'viewer' } })
  })

  it('is refused for an owner, or to owner, when an admin asks', async () => {
    expect((await change(await idOf('owner'), { role: 'viewer' }, admin)).status).toBe(403)
    expect((await change((await newUser('member')).userId, { role: 'owner' }, admin)).status).toBe(403)
  })

  it('is refused for oneself', async () => {
    expect((await change(await idOf('owner'), { role: 'admin' })).status).toBe(409)
    expect((await change(await idOf('owner'), { isActive: false })).status).toBe(409)
  })

  it('never takes the last owner away, however many try at once', async () => {
    const second = await newUser('owner')
    const first = (await list()).find(({ role, userId }) => role === 'owner' && userId !== second.userId)!.userId
    const tries = await Promise.all([
      change(first, { isActive: false }, second.cookie),
      change(second.userId, { isActive: false }, owner),
    ])
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await prisma().user.findMany({ where: { role: 'owner', isActive: true } })).length).toBe(1)
    await database.pool.query("UPDATE users SET is_active = true WHERE role = 'owner'")
    owner = await signIn('owner')
  })

  it('is judged by what the user is when its turn comes, not when it was asked for', async () => {
    const { userId } = await newUser('member')
    const holder = await database.pool.connect()
    await holder.query(`SELECT pg_advisory_lock(${membersLock})`)
    const promotion = change(userId, { role: 'owner' })
    await waitUntil(() => isWaitedFor(1), { what: 'the promotion to wait' })
    const deactivation = change(userId, { isActive: false }, admin)
    await waitUntil(() => isWaitedFor(2), { what: 'the deactivation to wait' })
    await holder.query(`SELECT pg_advisory_unlock(${membersLock})`)
    holder.release()
    expect((await promotion).status).toBe(200)
    expect((await deactivation).status).toBe(403)
    expect(await prisma().user.findUnique({ where: { id: userId } })).toMatchObject({ role: 'owner', isActive: true })
  })

  it('takes nothing but the fields of its form', async () => {
    const { userId } = await newUser('member')
    for (const field of ['email', 'passwordHash', 'sessionEpoch', 'totpConfirmedAt', 'name'])
      expect((await change(userId, { [field]: 'x' })).status).toBe(400)
  })

  it.each(['0190a000-0000-7000-8000-00000000000a', 'nonsense'])('knows no user %s', async (userId) =>
    expect((await change(userId, { role: 'viewer' })).status).toBe(404),
  )
})

describe('a deactivation', () => {
  it('ends the logins and the client keys of that user at once', async () => {
    const domainId = await newDomain('keys.example.com')
    const { cookie, userId } = await newUser('member')
    const key = { id: newId(), domainId, name: 'laptop', prefix: 'cnp_live_', last4: 'abcd' }
    await prisma().clientKey.create({ data: { ...key, hash: new Uint8Array([1]), ownerId: userId } })
    await prisma().clientKey.create({ data: { ...key, id: newId(), hash: new Uint8Array([2]) } })
    expect(await change(userId, { isActive: false })).toMatchObject({ status: 200, body: { clientKeyCount: 0 } })
    expect((await callRoute(getMe, { as: cookie })).status).toBe(401)
    const keys = await prisma().clientKey.findMany({ where: { domainId }, orderBy: { ownerId: 'asc' } })
    expect(keys.map(({ ownerId, revokedAt }) => [ownerId, revokedAt !== null])).toEqual([
      [userId, true],
      [null, false],
    ])
  })

  it('can be taken back, which brings no login back', async () => {
    const { cookie, userId } = await newUser('viewer')
    await change(userId, { isActive: false })
    expect(await change(userId, { isActive: true })).toMatchObject({ body: { isActive: true, loginCount: 0 } })
    expect((await callRoute(getMe, { as: cookie })).status).toBe(401)
  })
})

describe('the domains of a member', () => {
  it('replace those before, and say so in the audit log', async () => {
    const [first, second] = [await newDomain('first.example.com'), await newDomain('second.example.com')]
    const { userId } = await newUser('member')
    await change(userId, { domainIds: [first] })
    const { body } = await change(userId, { domainIds: [second] })
    expect(body.domains).toEqual([{ domainId: second, domain: 'second.example.com' }])
    const actions = await prisma().auditEvent.findMany({ omit: { sequence: true } })
    expect(actions.map(({ action }) => action)).toEqual(['user.change-domains', 'user.change-domains'])
  })

  it('must exist', async () => {
    const { userId } = await newUser('member')
    expect((await change(userId, { domainIds: [newId()] })).status).toBe(404)
  })
})

describe('a login that is not fresh', () => {
  it('has to prove itself again before it changes anybody', async () => {
    const { userId } = await newUser('member')
    const stale = await signIn('owner')
    await database.pool.query("UPDATE user_sessions SET proved_at = now() - interval '11 minutes'")
    const answer = await change(userId, { role: 'viewer' }, stale)
    expect(answer).toMatchObject({ status: 403, body: { code: 'reauthenticate' } })
    await database.pool.query('UPDATE user_sessions SET proved_at = now()')
  })
})
