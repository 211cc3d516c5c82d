import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { errorResponse } from '@/lib/http'
import { prisma } from '@/lib/prisma'
import { meetBehind } from '@/lib/testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { appendLock } from '@/lib/users/audit'
import { deleteLimit, setLimit } from './limits'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE limits'))

const by = { actor: { userId: null, name: 'a test' } }
const set = (amount: number) =>
  setLimit({ scope: 'all', scopeId: '', metric: 'requests_per_minute', amount, isEnforced: true }, by)

it('a limit that two people set at once is one limit, that of the second', async () => {
  const lock = { sql: 'SELECT pg_advisory_xact_lock($1)', values: [appendLock] }
  const answers = await meetBehind(database.pool, lock, [() => set(1), () => set(2)])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await prisma().limit.findMany()).toMatchObject([{ amount: 2n }])
})

it('of two people who delete a limit at once the second hears that somebody else was faster', async () => {
  const { id } = await set(1)
  const remove = () => deleteLimit(id, by)
  const answers = await meetBehind(database.pool, { sql: 'SELECT FROM limits FOR UPDATE' }, [remove, remove])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  const [, second] = answers
  const asked = new Request('http://localhost/api/limits/1', { method: 'DELETE' })
  expect(errorResponse(second?.status === 'rejected' ? second.reason : null, asked).status).toBe(409)
})
