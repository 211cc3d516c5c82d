import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../ids'
import { prisma } from '../prisma'
import { meetBehind } from '../testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { appendLock } from '../users/audit'
import { changeMember } from '../users/members'
import { authenticate } from './authenticate'
import { createClientKey, revokeClientKey, rotateClientKey, updateClientKey } from './client-keys'

let database: TestDatabase
let domainId: string
let ownerId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('TRUNCATE domains, users CASCADE')
  domainId = newId()
  ownerId = newId()
  await prisma().domain.create({ data: { id: domainId, name: 'team-a.example.com' } })
  await prisma().user.create({ data: { id: ownerId, email: 'ada@example.com', name: 'Ada', role: 'member' } })
})

const by = { actor: { kind: 'dashboard_key', userId: null, sessionId: null, name: 'a test', role: 'owner' } } as const
const create = (ownerEmail?: string) => createClientKey({ domainId, name: 'laptop', ownerEmail }, by)
const deactivate = () => changeMember(ownerId, { isActive: false }, by)
const works = async (value: string) => (await authenticate({ kind: 'client_key', value }, 'localhost')) !== null
const keyLock = { sql: 'SELECT FROM client_keys FOR UPDATE' }
/** Behind it everything is written that the transactions write, and nothing committed. */
const auditLock = { sql: 'SELECT pg_advisory_xact_lock($1)', values: [appendLock] }

describe('a client key', () => {
  it('that ends at once is not brought back by somebody who rotates it at the same moment', async () => {
    const { key, clientKey } = await create()
    const rotate = (overlapHours: number) => () => rotateClientKey(clientKey.clientKeyId, { overlapHours }, by)
    const answers = await meetBehind(database.pool, keyLock, [rotate(0), rotate(24)])
    expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'conflict' } }])
    expect(await works(key)).toBe(false)
  })

  it('that is revoked stays as it is, though somebody changes it at the same moment', async () => {
    const { clientKey } = await create()
    const [, changed] = await meetBehind(database.pool, keyLock, [
      () => revokeClientKey(clientKey.clientKeyId, by),
      () => updateClientKey(clientKey.clientKeyId, { name: 'renamed' }, by),
    ])
    expect(changed).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    expect(await prisma().clientKey.findMany()).toMatchObject([{ name: 'laptop', revokedReason: 'dashboard' }])
  })

  it('that is made for somebody who is deactivated at the same moment does not work', async () => {
    const answers = await meetBehind(database.pool, auditLock, [() => create('ada@example.com'), deactivate])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await prisma().clientKey.count({ where: { ownerId, revokedAt: null } })).toBe(0)
  })

  it('has no successor that works when its owner is deactivated while it is rotated', async () => {
    const { clientKey } = await create('ada@example.com')
    const rotate = () => rotateClientKey(clientKey.clientKeyId, { overlapHours: 24 }, by)
    const answers = await meetBehind(database.pool, auditLock, [rotate, deactivate])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await prisma().clientKey.count({ where: { ownerId, revokedAt: null } })).toBe(0)
  })

  it('is not rotated for somebody whose deactivation came first', async () => {
    const { clientKey } = await create('ada@example.com')
    const rotate = () => rotateClientKey(clientKey.clientKeyId, { overlapHours: 24 }, by)
    const [, rotated] = await meetBehind(database.pool, auditLock, [deactivate, rotate])
    expect(rotated).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    expect(await prisma().clientKey.count()).toBe(1)
  })
})
