import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '@/lib/postgres/migrate'
import { prisma } from '../prisma'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../testing/test-database'
import { checkAuditChain, recordAudit } from './audit'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE audit_events'))

const entry = (targetId: string, detail: Record<string, unknown> = {}) => ({
  actor: { userId: null, name: 'Ada' },
  action: 'account.create',
  targetType: 'account',
  targetId,
  address: '10.0.0.1',
  detail,
})

async function recordMany(count: number) {
  await Promise.all(Array.from({ length: count }, (_, index) => recordAudit(prisma(), entry(`acc_${index}`))))
}

/** Who may switch triggers off. */
const asAdministrator = (sql: string) =>
  database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`)

describe('the log', () => {
  it.each(["UPDATE audit_events SET actor = 'Mallory'", 'DELETE FROM audit_events', 'TRUNCATE audit_events'])(
    'refuses %s',
    async (sql) => {
      const fresh = await createEmptyDatabase()
      const client = new Client({ connectionString: fresh.url })
      try {
        await migrate(fresh.url)
        await client.connect()
        await client.query(
          "INSERT INTO audit_events (id, actor, action, target_type, target_id, hash) VALUES (gen_random_uuid(), 'Ada', 'x', 'x', 'x', '')",
        )
        await expect(client.query(sql)).rejects.toThrow('the audit log is not changed')
        expect((await client.query('SELECT actor FROM audit_events')).rows).toEqual([{ actor: 'Ada' }])
      } finally {
        await client.end()
        await fresh.drop()
      }
    },
  )
})

describe('recordAudit', () => {
  it('chains entries that are written at the same time', async () => {
    await recordMany(10)
    expect(await checkAuditChain()).toEqual({ entries: 10, brokenAt: null })
  })

  it('leaves nothing when the change it belongs to fails', async () => {
    const change = prisma().$transaction(async (tx) => {
      await recordAudit(tx, entry('acc_1'))
      throw new Error('the change failed')
    })
    await expect(change).rejects.toThrow('the change failed')
    expect(await prisma().auditEvent.count()).toBe(0)
  })

  it('goes on with the chain after a change that failed', async () => {
    await recordMany(2)
    await prisma()
      .$transaction(async (tx) => {
        await recordAudit(tx, entry('acc_lost'))
        throw new Error('the change failed')
      })
      .catch(() => undefined)
    await recordMany(1)
    expect(await checkAuditChain()).toEqual({ entries: 3, brokenAt: null })
  })

  it('masks what looks like a secret, wherever a caller put it', async () => {
    await recordAudit(prisma(), entry('sk-ant-api03-thisisasecret', { before: { key: 'cnp_live_thisisasecrettoo' } }))
    const stored = JSON.stringify(await prisma().auditEvent.findMany({ omit: { sequence: true } }))
    expect(stored).toContain('acc')
    expect(stored).not.toMatch(/thisisasecret/)
  })
})

describe('checkAuditChain', () => {
  it.each([
    ['changed', "UPDATE audit_events SET actor = 'Mallory' WHERE target_id = 'acc_x'"],
    ['removed', "DELETE FROM audit_events WHERE target_id = 'acc_x'"],
    ['given another time', "UPDATE audit_events SET at = at + interval '1 second' WHERE target_id = 'acc_x'"],
  ])('finds an entry that was %s', async (_what, sql) => {
    await recordMany(2)
    await recordAudit(prisma(), entry('acc_x'))
    await recordMany(2)
    await asAdministrator(sql)
    expect(await checkAuditChain()).toMatchObject({ entries: 2, brokenAt: expect.any(String) })
  })

  it('reads logs that are longer than a page', async () => {
    await recordMany(1)
    await prisma().$transaction(
      async (tx) => {
        for (let index = 0; index < 1_005; index += 1) await recordAudit(tx, entry(`acc_${index}`))
      },
      { timeout: 25_000 },
    )
    expect(await checkAuditChain()).toEqual({ entries: 1_006, brokenAt: null })
  })
})
