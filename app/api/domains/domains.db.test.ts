import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { listDomains, type ListedDomain } from '@/lib/clients/domains'
import { dashboardPool, hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET as getOne, PATCH } from './[domainId]/route'
import { GET, POST } from './route'

let database: TestDatabase
let admin: string
beforeAll(async () => {
  database = await createTestDatabase()
  admin = await signIn('admin')
})
afterAll(() => database.drop())
beforeEach(() => hotPool().query('TRUNCATE domains, api_requests, usage_hours, audit_events CASCADE'))

interface PlanNode {
  readonly 'Relation Name'?: string
  readonly 'Actual Loops': number
  readonly Plans?: readonly PlanNode[]
}

/** How often a table is read for a query. */
async function countReads(table: string, [text, parameters]: readonly unknown[]): Promise<number> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${String(text)}`,
    parameters as unknown[],
  )
  const readsOf = (node: PlanNode): number =>
    (node['Relation Name'] === table ? node['Actual Loops'] : 0) +
    (node.Plans ?? []).reduce((total, inner) => total + readsOf(inner), 0)
  return rows[0]?.['QUERY PLAN'][0] ? readsOf(rows[0]['QUERY PLAN'][0].Plan) : 0
}

async function create(body: object, as = admin) {
  return callRoute<ListedDomain>(POST, { as, method: 'POST', body })
}

describe('POST /api/domains', () => {
  it('makes a domain, in lower case, and one audit entry', async () => {
    const { status, body } = await create({ domain: 'Team-A.Example.com' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      domain: 'team-a.example.com',
      capture: 'full',
      isPassThroughAllowed: false,
      failover: 'same_organization',
      requestCount: 0,
      clientKeyCount: 0,
      accountCount: 0,
    })
    expect(await prisma().auditEvent.findMany()).toMatchObject([{ action: 'domain.create', targetId: body.domainId }])
  })

  it('says that the name is taken', async () => {
    await create({ domain: 'team-a.example.com' })
    const { status, body } = await create({ domain: 'TEAM-A.example.com' })
    expect(status).toBe(409)
    expect(body).toMatchObject({ details: { fields: [{ field: 'domain', message: 'This domain exists already.' }] } })
    expect(await prisma().auditEvent.count()).toBe(1)
  })

  it.each([
    { domain: 'not a host' },
    { domain: 'a.example.com:3000' },
    { domain: '' },
    {},
    { domain: 'a', capture: 'half' },
    { domain: 'a', id: 'x' },
  ])('refuses %j and makes nothing', async (body) => {
    expect((await create(body)).status).toBe(400)
    expect(await prisma().domain.count()).toBe(0)
  })

  it.each(['member', 'viewer'] as const)('is not for a %s', async (role) => {
    expect((await create({ domain: 'team-a.example.com' }, await signIn(role))).status).toBe(403)
    expect(await prisma().domain.count()).toBe(0)
  })

  it('is not for strangers, nor for other sites', async () => {
    const given = { method: 'POST', body: { domain: 'team-a.example.com' } }
    expect((await callRoute(POST, { as: null, ...given })).status).toBe(401)
    expect(
      (await callRoute(POST, { as: admin, ...given, headers: { origin: 'https://evil.example.com' } })).status,
    ).toBe(403)
    expect(await prisma().domain.count()).toBe(0)
  })
})

describe('GET /api/domains', () => {
  it('lists every domain with its requests of all time, for everybody who is logged in', async () => {
    await create({ domain: 'team-b.example.com' })
    await create({ domain: 'team-a.example.com' })
    await insertRequests([aRequest(new Date()), aRequest(new Date()), aRequest(new Date(Date.now() - 30 * 86_400_000))])
    await rollUpInserted()
    const { status, body } = await callRoute(GET, { as: await signIn('viewer') })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      domains: [
        { domain: 'team-a.example.com', requestCount: 3, requestCount24h: 2 },
        { domain: 'team-b.example.com', requestCount: 0, requestCount24h: 0 },
      ],
    })
  })

  it('reads the ledger once, however many domains there are', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create({ domain: `${name}.example.com` })
    const asked = vi.spyOn(dashboardPool(), 'query')
    await listDomains()
    expect(await countReads('usage_hours', asked.mock.calls[0] ?? [])).toBe(1)
    asked.mockRestore()
  })

  it('counts the last 24 hours exactly, also where they begin in the middle of an hour', async () => {
    const { body } = await create({ domain: 'team-a.example.com' })
    const secondsAgo = (seconds: number) =>
      aRequest(new Date(Date.now() - seconds * 1_000), { domain_id: body.domainId })
    await insertRequests([secondsAgo(86_400 + 30), secondsAgo(86_400 - 600), secondsAgo(3_600)])
    await rollUpInserted()
    const listed = await callRoute(GET, { as: await signIn('viewer') })
    expect(listed.body).toMatchObject({ domains: [{ requestCount: 3, requestCount24h: 2 }] })
  })

  it('is not for strangers', async () => {
    expect((await callRoute(GET, { as: null })).status).toBe(401)
  })
})

describe('/api/domains/{id}', () => {
  it('shows one domain', async () => {
    const { body } = await create({ domain: 'team-a.example.com' })
    const answer = await callRoute(getOne, { as: await signIn('viewer'), params: { domainId: body.domainId } })
    expect(answer).toMatchObject({ status: 200, body: { domain: 'team-a.example.com' } })
  })

  it.each(['0190a000-0000-7000-8000-00000000000a', 'nonsense', "'"])('does not know %s', async (domainId) => {
    expect((await callRoute(getOne, { as: admin, params: { domainId } })).status).toBe(404)
    const change = { as: admin, method: 'PATCH', params: { domainId }, body: { failover: 'any' } }
    expect((await callRoute(PATCH, change)).status).toBe(404)
  })

  it('changes the policies, and says before and after in the audit log', async () => {
    const { body } = await create({ domain: 'team-a.example.com' })
    const params = { domainId: body.domainId }
    const change = { capture: 'metadata', isPassThroughAllowed: true, failover: 'any' }
    const answer = await callRoute(PATCH, { as: admin, method: 'PATCH', params, body: change })
    expect(answer).toMatchObject({ status: 200, body: change })
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: 'domain.update' } })
    expect(JSON.parse(event.detail)).toEqual({
      before: { capture: 'full', isPassThroughAllowed: false, failover: 'same_organization' },
      after: change,
    })
  })

  it('refuses a change of nothing, and writes none down', async () => {
    const { body } = await create({ domain: 'team-a.example.com' })
    const params = { domainId: body.domainId }
    expect((await callRoute(PATCH, { as: admin, method: 'PATCH', params, body: {} })).status).toBe(400)
    expect(await prisma().auditEvent.count({ where: { action: 'domain.update' } })).toBe(0)
  })

  it('does not change the name, nor anything for a member', async () => {
    const { body } = await create({ domain: 'team-a.example.com' })
    const params = { domainId: body.domainId }
    expect((await callRoute(PATCH, { as: admin, method: 'PATCH', params, body: { domain: 'x' } })).status).toBe(400)
    const member = await signIn('member')
    expect(
      (await callRoute(PATCH, { as: member, method: 'PATCH', params, body: { capture: 'metadata' } })).status,
    ).toBe(403)
  })
})

describe('who may read what was said', () => {
  const choose = (domainId: string, bodyReaders: string, as: string) =>
    callRoute(PATCH, { as, method: 'PATCH', params: { domainId }, body: { bodyReaders } })

  it('is what an admin chooses, unless it is about owners alone', async () => {
    const { domainId } = (await create({ domain: 'private.example.com' })).body
    const owner = await signIn('owner')
    expect(await choose(domainId, 'all', admin)).toMatchObject({ status: 200, body: { bodyReaders: 'all' } })
    expect((await choose(domainId, 'owner', admin)).status).toBe(403)
    expect((await choose(domainId, 'owner', owner)).status).toBe(200)
    expect((await choose(domainId, 'members', admin)).status).toBe(403)
    expect((await choose(domainId, 'everybody', owner)).status).toBe(400)
  })
})
