import { afterAll, beforeAll, expect, it } from 'vitest'
import { updateDomain } from '@/lib/clients/domains'
import { newId } from '@/lib/ids'
import { prisma } from '@/lib/prisma'
import { meetBehind } from '@/lib/testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { updatePolicy } from './policies'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

it('what a domain keeps and for how long can be changed at the same moment', async () => {
  const id = newId()
  await prisma().domain.create({ data: { id, name: 'team-a.example.com' } })
  const by = { actor: { userId: null, name: 'a test' } }
  const answers = await meetBehind(database.pool, { sql: 'SELECT FROM domains FOR UPDATE' }, [
    () => updateDomain(id, { capture: 'metadata' }, by),
    () => updatePolicy(id, { bodyDays: 7 }, by),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await prisma().domain.findMany()).toMatchObject([{ capture: 'metadata', bodyDays: 7 }])
})
