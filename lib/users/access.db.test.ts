import { encode } from 'next-auth/jwt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectDatabase, disconnectDatabase } from '../db'
import { prisma } from '../prisma'
import { env } from '../env'
import { AppError } from '../errors'
import { json } from '../http'
import { newId } from '../ids'
import { callRoute, signIn } from '../testing/call-route'
import { changeEnv } from '../testing/change-env'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { apiHandler, type Actor } from './access'
import { dashboardKeyPermissions, mayDo, permissions, roles, type Role } from './permissions'
import { readSessionCookie } from './session-cookie'

const dashboardKey = 'dashboard-key-for-tests'
const handlers = new Map(
  permissions.map((permission) => [permission, apiHandler(permission, async ({ actor }) => json(actor))]),
)
const read = apiHandler('domains:read', async ({ actor }) => json(actor))

let database: TestDatabase
let cookies: Record<Role, string>
let restore = () => undefined as void
beforeAll(async () => {
  database = await createTestDatabase()
  const made = await Promise.all(roles.map(async (role) => [role, await signIn(role)] as const))
  cookies = Object.fromEntries(made) as Record<Role, string>
})
afterAll(() => database.drop())
afterEach(() => {
  restore()
  restore = () => undefined
})

const withKey = () => void (restore = changeEnv({ DASHBOARD_API_KEY: dashboardKey }))

describe('who may do what', () => {
  const cells = roles.flatMap((role) => permissions.map((permission) => ({ role, permission })))

  it.each(cells)('answers a $role who needs $permission as the matrix says', async ({ role, permission }) => {
    const { status } = await callRoute(handlers.get(permission)!, { as: cookies[role] })
    expect(status).toBe(mayDo(role, permission) ? 200 : 403)
  })

  it.each(permissions)('answers the dashboard key that needs %s as the matrix says', async (permission) => {
    withKey()
    const { status } = await callRoute(handlers.get(permission)!, {
      as: null,
      headers: { 'x-dashboard-key': dashboardKey },
    })
    expect(status).toBe(dashboardKeyPermissions.includes(permission) ? 200 : 403)
  })
})

describe('a role that needs a second factor', () => {
  const mayRead = async (cookie: string) => (await callRoute(read, { as: cookie })).status
  const require = (...secondFactorRoles: Role[]) => void (restore = changeEnv({ secondFactorRoles }))

  it('opens nothing but the own settings to who has none', async () => {
    require('owner', 'admin')
    for (const permission of permissions) {
      const { status, text } = await callRoute(handlers.get(permission)!, { as: cookies.admin })
      expect(status).toBe(permission === 'self:write' ? 200 : 403)
      if (status === 403) expect(text).toContain('second factor')
    }
  })

  it('asks nothing of other roles and of the dashboard key', async () => {
    require('owner')
    expect(await mayRead(cookies.member)).toBe(200)
    restore()
    restore = changeEnv({ DASHBOARD_API_KEY: dashboardKey, secondFactorRoles: [...roles] })
    expect((await callRoute(read, { as: null, headers: { 'x-dashboard-key': dashboardKey } })).status).toBe(200)
  })

  it('opens with the second factor, and with single sign-on', async () => {
    const [withFactor, fromProvider] = [await signIn('owner'), await signIn('owner')]
    require('owner')
    for (const cookie of [withFactor, fromProvider]) expect(await mayRead(cookie)).toBe(403)
    const sessionOf = async (cookie: string) => (await readSessionCookie(cookie))!
    await prisma().user.update({
      where: { id: (await sessionOf(withFactor)).userId },
      data: { totpConfirmedAt: new Date() },
    })
    await prisma().userSession.update({
      where: { id: (await sessionOf(fromProvider)).sessionId },
      data: { isFromOidc: true },
    })
    for (const cookie of [withFactor, fromProvider]) expect(await mayRead(cookie)).toBe(200)
  })
})

describe('a session', () => {
  it('tells the handler who asks', async () => {
    const { body } = await callRoute<Actor>(read, { as: cookies.member })
    expect(body).toMatchObject({ kind: 'user', name: 'A member', role: 'member', userId: expect.any(String) })
  })

  it('is asked for with 401', async () => {
    const { status, body } = await callRoute(read, { as: null })
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'Unauthorized', message: expect.any(String) })
  })

  const forged = (secret: string, token: Record<string, unknown>) => encode({ token, secret })
  it.each([
    ['nothing', async () => 'nexus.session='],
    ['rubbish', async () => 'nexus.session=rubbish'],
    [
      'a token of another installation',
      async () => `nexus.session=${await forged('x'.repeat(32), { sub: newId(), sid: newId() })}`,
    ],
    [
      'a token of ours for a login that never was',
      async () => `nexus.session=${await forged(env().nextAuthSecret, { sub: newId(), sid: newId() })}`,
    ],
    [
      'a token of ours without a login',
      async () => `nexus.session=${await forged(env().nextAuthSecret, { sub: newId() })}`,
    ],
    [
      'a token of ours whose ids are not ids',
      async () => `nexus.session=${await forged(env().nextAuthSecret, { sub: "' OR 1=1", sid: '%' })}`,
    ],
    ['a cookie of a name that ends alike', async () => cookies.owner.replace('nexus.session', 'x-nexus.session')],
  ])('is not %s', async (_what, cookie) => expect((await callRoute(read, { as: await cookie() })).status).toBe(401))
})

describe('the dashboard key', () => {
  it.each(['x-dashboard-key', 'authorization'])('is taken from %s', async (header) => {
    withKey()
    const value = header === 'authorization' ? `Bearer ${dashboardKey}` : dashboardKey
    const { status, body } = await callRoute<Actor>(read, { as: null, headers: { [header]: value } })
    expect(status).toBe(200)
    expect(body).toEqual({ kind: 'dashboard_key', userId: null, sessionId: null, name: 'dashboard key', role: null })
  })

  it.each(['', 'dashboard-key-for-test', 'dashboard-key-for-testss', 'DASHBOARD-KEY-FOR-TESTS'])(
    'is refused when it is %j',
    async (key) => {
      withKey()
      expect((await callRoute(read, { as: null, headers: { 'x-dashboard-key': key } })).status).toBe(403)
    },
  )

  it('opens nothing while it is not configured', async () => {
    for (const key of ['', 'undefined', 'null', dashboardKey])
      expect((await callRoute(read, { as: null, headers: { 'x-dashboard-key': key } })).status).toBe(403)
  })

  it('never writes', async () => {
    withKey()
    const { status } = await callRoute(read, { as: null, method: 'POST', headers: { 'x-dashboard-key': dashboardKey } })
    expect(status).toBe(403)
  })

  it('does not borrow a session that is sent beside it', async () => {
    withKey()
    expect((await callRoute(read, { as: cookies.owner, headers: { 'x-dashboard-key': 'wrong' } })).status).toBe(403)
  })
})

describe('a change', () => {
  const asOwner = (headers: Record<string, string>, method = 'POST') =>
    callRoute(read, { as: cookies.owner, method, headers })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('with %s from our own page is let in', async (method) =>
    expect((await asOwner({}, method)).status).toBe(200),
  )

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'text/plain; application/json' },
  ])('is refused with %j', async (headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect((await asOwner(headers, method)).status).toBe(403)
  })

  it('may say its charset', async () =>
    expect((await asOwner({ 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200))
})

describe('apiHandler', () => {
  const failing = (error: Error) => apiHandler('numbers:read', () => Promise.reject(error))

  it('turns an error into its answer', async () => {
    const { status, body } = await callRoute(failing(new AppError('not-found', 'There is no such thing.')), {
      as: cookies.owner,
    })
    expect(status).toBe(404)
    expect(body).toMatchObject({ message: 'There is no such thing.' })
  })

  it('keeps the text of an unexpected error to itself', async () => {
    const { status, text } = await callRoute(failing(new Error('password=hunter2 at db.internal')), {
      as: cookies.owner,
    })
    expect(status).toBe(500)
    expect(text).not.toMatch(/hunter2|db\.internal/)
  })

  it('gives a failure an id to look up in the log', async () => {
    const request = new Request('http://localhost:3000/x', { headers: { cookie: cookies.owner } })
    const response = await failing(new Error('broken'))(request, { params: Promise.resolve({}) })
    expect(response.headers.get('x-nexus-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('says that the database is away when nobody can be recognised', async () => {
    await disconnectDatabase()
    const { status, body } = await callRoute(read, { as: cookies.owner })
    connectDatabase(database.url)
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'unavailable' })
  })

  it('lets no cache keep an answer', async () => {
    const handler = apiHandler('numbers:read', async () => new Response('x'))
    const request = new Request('http://localhost:3000/x', { headers: { cookie: cookies.owner } })
    const response = await handler(request, { params: Promise.resolve({}) })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
