import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from '@/lib/clients/authenticate'
import type { ClientKeyPage, ListedClientKey, MadeClientKey } from '@/lib/clients/client-keys'
import { hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryBudgets } from '@/lib/usage/budgets'
import { listLimits, setLimit } from '@/lib/usage/limits'
import { PATCH as changeUser } from '../users/[userId]/route'
import { POST as revoke } from './[clientKeyId]/revoke/route'
import { PATCH } from './[clientKeyId]/route'
import { POST as rotate } from './[clientKeyId]/rotate/route'
import { GET, POST } from './route'

const by = { actor: { userId: null, name: 'a test' } }
let database: TestDatabase
let admin: string
let domainId: string
beforeAll(async () => {
  database = await createTestDatabase()
  admin = await signIn('admin')
})
afterAll(() => database.drop())
beforeEach(async () => {
  await hotPool().query('TRUNCATE domains, audit_events CASCADE')
  domainId = newId()
  await prisma().domain.create({ data: { id: domainId, name: 'team-a.example.com' } })
})

async function create(more: object = {}, as = admin) {
  return callRoute<MadeClientKey>(POST, { as, method: 'POST', body: { domainId, name: 'Ada’s laptop', ...more } })
}

async function list(path = '/api/client-keys', as = admin) {
  return callRoute<ClientKeyPage>(GET, { as, path })
}

const works = async (value: string) => (await authenticate({ kind: 'client_key', value }, 'localhost')) !== null
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()

describe('POST /api/client-keys', () => {
  it('answers a key that works at once, this one time', async () => {
    const { status, body } = await create()
    expect(status).toBe(201)
    expect(body.key).toMatch(/^cnp_live_[0-9A-Za-z]{49}$/)
    expect(body.clientKey).toMatchObject({
      domain: 'team-a.example.com',
      name: 'Ada’s laptop',
      prefix: body.key.slice(0, 12),
      last4: body.key.slice(-4),
      status: 'active',
    })
    expect(await works(body.key)).toBe(true)
  })

  it('shows the key nowhere else: not in a list, the audit log or the database', async () => {
    const { body } = await create()
    const { rows } = await hotPool().query<{ text: string }>(
      `SELECT row_to_json(k)::text || encode(hash, 'escape') AS text FROM client_keys k
       UNION ALL SELECT row_to_json(e)::text FROM audit_events e`,
    )
    const texts = [(await list()).text, ...rows.map(({ text }) => text)]
    expect(texts).toHaveLength(3)
    for (const text of texts) expect(text).not.toContain(body.key.slice(12, -4))
  })

  it('works where it was refused a moment before: "unknown" is not remembered over a creation', async () => {
    const { body } = await create()
    await callRoute(revoke, { as: admin, method: 'POST', params: { clientKeyId: body.clientKey.clientKeyId } })
    expect(await works(body.key)).toBe(false)
    const second = await create()
    expect(await works(second.body.key)).toBe(true)
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ domainId: 'team-a' }, 'domainId'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
  ])('refuses %j and names the field', async (body, field) => {
    const answer = await create(body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ details: { fields: [{ field }] } })
  })

  it('lets nobody set columns that are not theirs', async () => {
    for (const column of ['hash', 'prefix', 'source', 'revokedAt', 'lastUsedAt', 'id']) {
      expect((await create({ [column]: 'x' })).status).toBe(400)
    }
  })

  it('does not know other domains', async () => {
    expect((await create({ domainId: newId() })).status).toBe(404)
  })

  it('is for owners and admins alone', async () => {
    expect((await create({}, await signIn('member'))).status).toBe(403)
    expect((await create({}, await signIn('viewer'))).status).toBe(403)
    expect((await callRoute(POST, { as: null, method: 'POST', body: { domainId, name: 'x' } })).status).toBe(401)
    expect(await prisma().clientKey.count()).toBe(0)
  })
})

describe('GET /api/client-keys', () => {
  it('pages through the keys of a domain, newest first', async () => {
    for (const name of ['one', 'two', 'three']) await create({ name })
    const first = (await list(`/api/client-keys?domainId=${domainId}&limit=2`)).body
    expect(first.clientKeys.map(({ name }) => name)).toEqual(['three', 'two'])
    const rest = (await list(`/api/client-keys?limit=2&cursor=${first.pagination.nextCursor}`)).body
    expect(rest.clientKeys.map(({ name }) => name)).toEqual(['one'])
    expect(rest.pagination.nextCursor).toBeNull()
    expect((await list(`/api/client-keys?domainId=${newId()}`)).body.clientKeys).toEqual([])
  })

  it('finds the working keys that nobody uses', async () => {
    const old = { createdAt: new Date(Date.now() - 40 * 86_400_000) }
    for (const name of ['new', 'forgotten', 'in use', 'revoked']) await create({ name })
    await prisma().clientKey.updateMany({ where: { name: { not: 'new' } }, data: old })
    await prisma().clientKey.updateMany({ where: { name: 'in use' }, data: { lastUsedAt: new Date() } })
    await prisma().clientKey.updateMany({ where: { name: 'revoked' }, data: { revokedAt: new Date() } })
    const { clientKeys } = (await list('/api/client-keys?unusedDays=30')).body
    expect(clientKeys.map(({ name }) => name)).toEqual(['forgotten'])
  })

  it('finds keys by a part of their name, whatever its letters', async () => {
    for (const name of ['Nightly build', 'Grace', '100%']) await create({ name })
    const named = async (q: string) => {
      const { clientKeys } = (await list(`/api/client-keys?${new URLSearchParams({ q }).toString()}`)).body
      return clientKeys.map(({ name }) => name)
    }
    expect(await named('BUILD')).toEqual(['Nightly build'])
    expect(await named('%')).toEqual(['100%'])
    expect(await named('example.')).toHaveLength(3)
  })

  it('finds no key by the name of its domain among the keys of that domain', async () => {
    for (const name of ['laptop', 'example']) await create({ name })
    const { clientKeys } = (await list(`/api/client-keys?domainId=${domainId}&q=example`)).body
    expect(clientKeys.map(({ name }) => name)).toEqual(['example'])
  })

  it('tells how a key stands', async () => {
    await create({ name: 'for ever' })
    await create({ name: 'for a while', expiresAt: hours(1) })
    await prisma().clientKey.create({
      data: {
        id: newId(),
        domainId,
        name: 'over',
        hash: Buffer.alloc(32),
        prefix: '',
        last4: '',
        expiresAt: new Date(0),
      },
    })
    const { clientKeys } = (await list()).body
    expect(Object.fromEntries(clientKeys.map(({ name, status }) => [name, status]))).toEqual({
      'for ever': 'active',
      'for a while': 'expiring',
      over: 'expired',
    })
  })

  it.each(['limit=1000', 'limit=0', 'cursor=x', 'domainId=x', 'order=name'])('refuses %s', async (query) => {
    expect((await list(`/api/client-keys?${query}`)).status).toBe(400)
  })

  it('is not for strangers', async () => {
    expect((await callRoute(GET, { as: null })).status).toBe(401)
  })
})

describe('POST /api/client-keys/{id}/revoke', () => {
  it('ends the key at once; it stays visible with the reason', async () => {
    const { key, clientKey } = (await create()).body
    await works(key)
    const call = { as: admin, method: 'POST', params: { clientKeyId: clientKey.clientKeyId } }
    expect(await callRoute(revoke, call)).toMatchObject({
      status: 200,
      body: { status: 'revoked', revokedReason: 'dashboard' },
    })
    expect(await works(key)).toBe(false)
    expect((await list()).body.clientKeys).toHaveLength(1)
  })

  it('changes and logs nothing the second time', async () => {
    const { clientKey } = (await create()).body
    const call = { as: admin, method: 'POST', params: { clientKeyId: clientKey.clientKeyId } }
    const first = await callRoute(revoke, call)
    expect((await callRoute(revoke, call)).body).toEqual(first.body)
    expect(await prisma().auditEvent.count({ where: { action: 'client-key.revoke' } })).toBe(1)
  })

  it('is for owners and admins alone, and knows only keys that exist', async () => {
    const { key, clientKey } = (await create()).body
    const params = { clientKeyId: clientKey.clientKeyId }
    expect((await callRoute(revoke, { as: await signIn('member'), method: 'POST', params })).status).toBe(403)
    expect((await callRoute(revoke, { as: null, method: 'POST', params })).status).toBe(401)
    expect(await works(key)).toBe(true)
    expect((await callRoute(revoke, { as: admin, method: 'POST', params: { clientKeyId: newId() } })).status).toBe(404)
    expect((await callRoute(revoke, { as: admin, method: 'POST', params: { clientKeyId: 'x' } })).status).toBe(404)
  })
})

describe('PATCH /api/client-keys/{id}', () => {
  const change = (clientKeyId: string, body: object, as = admin) =>
    callRoute<ListedClientKey>(PATCH, { as, method: 'PATCH', params: { clientKeyId }, body })

  it('limits a working key to models at once, and says so in the audit log', async () => {
    const { key, clientKey } = (await create()).body
    expect(await authenticate({ kind: 'client_key', value: key }, 'localhost')).not.toHaveProperty('allowedModels')
    const { status, body } = await change(clientKey.clientKeyId, { allowedModels: ['Claude-Haiku-*'] })
    expect([status, body.allowedModels]).toEqual([200, ['claude-haiku-*']])
    const caller = await authenticate({ kind: 'client_key', value: key }, 'localhost')
    expect(caller).toMatchObject({ allowedModels: ['claude-haiku-*'] })
    const [event] = await prisma().auditEvent.findMany({ where: { action: 'client-key.update' } })
    expect(JSON.parse(event?.detail ?? '{}')).toMatchObject({ after: { allowedModels: ['claude-haiku-*'] } })
  })

  it('renames a key and leaves the rest as it is', async () => {
    const { clientKeyId } = (await create({ allowedModels: ['claude-opus-5-5'] })).body.clientKey
    expect((await change(clientKeyId, { name: 'CI' })).body).toMatchObject({
      name: 'CI',
      allowedModels: ['claude-opus-5-5'],
    })
  })

  it('refuses what is no model, a revoked key, and everybody but owners and admins', async () => {
    const { clientKeyId } = (await create()).body.clientKey
    expect((await change(clientKeyId, { allowedModels: ['*'] })).status).toBe(400)
    expect((await change(clientKeyId, { hash: 'x' })).status).toBe(400)
    expect((await change(clientKeyId, { name: 'x' }, await signIn('member'))).status).toBe(403)
    await callRoute(revoke, { as: admin, method: 'POST', params: { clientKeyId } })
    expect((await change(clientKeyId, { name: 'x' })).status).toBe(409)
  })
})

describe('POST /api/client-keys/{id}/rotate', () => {
  const call = (clientKeyId: string, body: object = {}) =>
    callRoute<MadeClientKey>(rotate, { as: admin, method: 'POST', params: { clientKeyId }, body })

  it('makes a new key of the same name; the old one works until the overlap ends', async () => {
    const old = (await create()).body
    const { status, body } = await call(old.clientKey.clientKeyId, { overlapHours: 48 })
    expect(status).toBe(201)
    expect(body.clientKey).toMatchObject({ name: 'Ada’s laptop', status: 'active' })
    expect(await works(body.key)).toBe(true)
    expect(await works(old.key)).toBe(true)
    const stored = await prisma().clientKey.findUniqueOrThrow({ where: { id: old.clientKey.clientKeyId } })
    expect(Math.abs((stored.expiresAt?.getTime() ?? 0) - Date.parse(hours(48)))).toBeLessThan(60_000)
  })

  it('keeps what the old key was limited to', async () => {
    const old = (await create({ allowedModels: ['claude-haiku-*'] })).body
    const { body } = await call(old.clientKey.clientKeyId)
    expect(body.clientKey.allowedModels).toEqual(['claude-haiku-*'])
  })

  it('leaves limits and budgets to both together, whichever of them one asks for or sets', async () => {
    const old = (await create()).body
    const next = (await call(old.clientKey.clientKeyId)).body
    const last = (await call(next.clientKey.clientKeyId)).body
    const ofKey = ({ clientKey }: MadeClientKey) => ({ scope: 'client_key', scopeId: clientKey.clientKeyId }) as const
    const set = (key: MadeClientKey, amount: number) =>
      setLimit({ ...ofKey(key), metric: 'spend_per_day', amount, isEnforced: true }, by)
    await set(old, 1_000)
    await set(last, 5_000)
    for (const key of [old, next, last]) expect(await listLimits(ofKey(key))).toMatchObject([{ amount: 5_000 }])
    expect(await queryBudgets({ clientKeyId: [last.clientKey.clientKeyId] })).toMatchObject([{ amount: 5_000 }])
  })

  it('lets nobody spend once more what was spent already', async () => {
    const old = (await create()).body
    const oldId = old.clientKey.clientKeyId
    const limit = {
      scope: 'client_key',
      scopeId: oldId,
      metric: 'spend_per_month',
      amount: 5_000,
      isEnforced: true,
    } as const
    await setLimit(limit, by)
    const nextId = (await call(oldId)).body.clientKey.clientKeyId
    const spentBy = (id: string, micros: number) => aRequest(new Date(), { client_key_id: id, cost_micro_usd: micros })
    await insertRequests([spentBy(oldId, 4_000), spentBy(nextId, 2_000)])
    await rollUpInserted()
    expect(await queryBudgets({ clientKeyId: [nextId] })).toMatchObject([{ spentMicroUsd: 6_000 }])
  })

  it('without an overlap ends the old key at once', async () => {
    const old = (await create()).body
    await works(old.key)
    await call(old.clientKey.clientKeyId, { overlapHours: 0 })
    expect(await works(old.key)).toBe(false)
  })

  it('does not lengthen the life of the old key', async () => {
    const expiresAt = hours(1)
    const old = (await create({ expiresAt })).body
    await call(old.clientKey.clientKeyId, { overlapHours: 48 })
    const stored = await prisma().clientKey.findUniqueOrThrow({ where: { id: old.clientKey.clientKeyId } })
    expect(stored.expiresAt).toEqual(new Date(expiresAt))
  })

  it('is refused for a key that ended, and for one that stands in a file', async () => {
    const ended = (await create()).body.clientKey.clientKeyId
    await callRoute(revoke, { as: admin, method: 'POST', params: { clientKeyId: ended } })
    expect((await call(ended)).status).toBe(409)
    const filed = (await create()).body.clientKey.clientKeyId
    await prisma().clientKey.update({ where: { id: filed }, data: { source: 'file' } })
    expect((await call(filed)).status).toBe(409)
  })

  it('refuses an overlap that is negative, endless or no number', async () => {
    const { clientKeyId } = (await create()).body.clientKey
    for (const overlapHours of [-1, 1e9, '24', null])
      expect((await call(clientKeyId, { overlapHours })).status).toBe(400)
  })

  it('is for owners and admins alone', async () => {
    const params = { clientKeyId: (await create()).body.clientKey.clientKeyId }
    expect((await callRoute(rotate, { as: await signIn('viewer'), method: 'POST', params })).status).toBe(403)
    expect(await prisma().clientKey.count()).toBe(1)
  })
})

describe('a key that belongs to a person', () => {
  async function newMember() {
    const [userId, email] = [newId(), `${newId()}@example.com`]
    await prisma().user.create({ data: { id: userId, email, name: 'Grace', role: 'member' } })
    return { userId, email }
  }

  it('stops with them at once, whichever of their keys it is, and the domain’s own go on', async () => {
    const { userId, email } = await newMember()
    const [theirs, own] = [(await create({ ownerEmail: email.toUpperCase() })).body, (await create()).body]
    expect(theirs.clientKey.owner).toBe('Grace')
    const params = { clientKeyId: theirs.clientKey.clientKeyId }
    const rotated = await callRoute<MadeClientKey>(rotate, { as: admin, method: 'POST', params })
    for (const key of [theirs.key, rotated.body.key, own.key]) expect(await works(key)).toBe(true)
    const change = { as: admin, method: 'PATCH', params: { userId }, body: { isActive: false } }
    expect((await callRoute(changeUser, change)).status).toBe(200)
    expect([await works(theirs.key), await works(rotated.body.key), await works(own.key)]).toEqual([false, false, true])
  })

  it('is refused for somebody who is not there, or no longer', async () => {
    const { userId, email } = await newMember()
    expect((await create({ ownerEmail: 'nobody@example.com' })).status).toBe(400)
    await prisma().user.update({ where: { id: userId }, data: { isActive: false } })
    expect((await create({ ownerEmail: email })).status).toBe(400)
  })
})
