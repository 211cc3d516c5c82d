import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { meetBehind } from '@/lib/testing/meet-behind'
import { appendLock } from '@/lib/users/audit'
import { logIn } from '@/lib/users/log-in'
import { DELETE } from './[invitationId]/route'
import { POST as accept } from './accept/route'
import { GET, POST } from './route'

interface Made {
  readonly invitationId: string
  readonly url: string
}

const password = 'tidal-mango-hinge-42'
const domainId = newId()
let database: TestDatabase
let owner: string
let admin: string
beforeAll(async () => {
  database = await createTestDatabase()
  owner = await signIn('owner')
  admin = await signIn('admin')
  await prisma().domain.create({ data: { id: domainId, name: 'team-a.example.com' } })
})
afterAll(() => database.drop())

const address = () => `${newId()}@example.com`
const invite = (body: object, as = admin) =>
  callRoute<Made>(POST, { as, method: 'POST', body: { role: 'member', email: address(), ...body } })
const tokenOf = ({ url }: Made) => url.split('#')[1] ?? ''
const acceptAs = (token: string, more: object = {}) =>
  callRoute((request) => accept(request), {
    as: null,
    method: 'POST',
    body: { token, name: 'Grace', password, ...more },
  })

describe('an invitation', () => {
  it('makes its person a user with its role and domains, who can log in', async () => {
    const email = address()
    const { body } = await invite({ email: email.toUpperCase(), domainIds: [domainId] })
    expect((await acceptAs(tokenOf(body))).status).toBe(201)
    const { userId } = await logIn({ email, password, code: '', address: '10.0.0.1', userAgent: null })
    const grants = await prisma().domainGrant.findMany({ where: { userId } })
    expect(grants).toEqual([{ userId, domainId }])
    expect((await prisma().user.findUniqueOrThrow({ where: { id: userId } })).role).toBe('member')
  })

  it('is good for one user, however many try at once', async () => {
    const email = address()
    const token = tokenOf((await invite({ email })).body)
    const tries = await Promise.all([1, 2, 3].map(() => acceptAs(token)))
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 404, 404])
    expect((await acceptAs(token)).status).toBe(404)
  })

  it('ends after its time', async () => {
    const { body } = await invite({})
    await database.pool.query("UPDATE invitations SET expires_at = now() - interval '1 second' WHERE id = $1", [
      body.invitationId,
    ])
    expect((await acceptAs(tokenOf(body))).status).toBe(404)
  })

  it('can be withdrawn, and is replaced by a second one for the same person', async () => {
    const first = (await invite({})).body
    const params = { invitationId: first.invitationId }
    expect((await callRoute(DELETE, { as: admin, method: 'DELETE', params })).status).toBe(200)
    expect((await acceptAs(tokenOf(first))).status).toBe(404)
    const email = address()
    const [older, newer] = [(await invite({ email })).body, (await invite({ email })).body]
    expect((await acceptAs(tokenOf(older))).status).toBe(404)
    expect((await acceptAs(tokenOf(newer))).status).toBe(201)
  })

  it('is the only one of its person, also of two that are made at once', async () => {
    const email = address()
    const lock = { sql: 'SELECT pg_advisory_xact_lock($1)', values: [appendLock] }
    const made = await meetBehind(database.pool, lock, [() => invite({ email }), () => invite({ email })])
    expect(made).toMatchObject([{ value: { status: 201 } }, { value: { status: 201 } }])
    expect(await prisma().invitation.count({ where: { email, withdrawnAt: null } })).toBe(1)
  })

  it('is kept as a hash: its link is in the first answer and nowhere else', async () => {
    const { body } = await invite({})
    const list = await callRoute(GET, { as: admin })
    const rows = await database.pool.query(
      "SELECT encode(token_hash, 'escape') AS hash, invitations::text FROM invitations",
    )
    const audit = await prisma().auditEvent.findMany({ omit: { sequence: true } })
    for (const text of [list.text, JSON.stringify(rows.rows), JSON.stringify(audit)])
      expect(text).not.toContain(tokenOf(body))
  })

  it('to be an owner comes from owners alone', async () => {
    expect((await invite({ role: 'owner' })).status).toBe(403)
    expect((await invite({ role: 'owner' }, owner)).status).toBe(201)
  })

  it('is not for members to make', async () => expect((await invite({}, await signIn('member'))).status).toBe(403))

  it('is refused for somebody who is a user already', async () => {
    const user = await prisma().user.findFirstOrThrow()
    expect((await invite({ email: user.email })).status).toBe(409)
  })

  it('asks for a good password and an own page', async () => {
    const { body } = await invite({})
    expect((await acceptAs(tokenOf(body), { password: 'short' })).status).toBe(400)
    const foreign = callRoute((request) => accept(request), {
      as: null,
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: { token: tokenOf(body), name: 'Grace', password },
    })
    expect((await foreign).status).toBe(403)
  })

  it('makes one audit entry when it is made and one when it is accepted', async () => {
    await database.pool.query('TRUNCATE audit_events')
    await acceptAs(tokenOf((await invite({})).body))
    const events = await prisma().auditEvent.findMany({ orderBy: { sequence: 'asc' }, omit: { sequence: true } })
    expect(events.map(({ action }) => action)).toEqual(['invitation.create', 'user.create'])
  })
})
