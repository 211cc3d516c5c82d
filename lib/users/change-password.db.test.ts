import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../ids'
import { prisma } from '../prisma'
import { meetBehind } from '../testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { hashPassword, isPasswordRight } from './password-hash'
import { getSession, recordSession } from './sessions'
import { changePassword } from './users'

const currentPassword = 'tidal-mango-hinge-42'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

it('a change of the password ends a change that another login had begun with the old one', async () => {
  const userId = newId()
  const passwordHash = await hashPassword(currentPassword)
  await prisma().user.create({
    data: { id: userId, email: `${userId}@example.com`, name: 'Ada', role: 'admin', passwordHash },
  })
  const logIn = () => recordSession({ userId, epoch: 0, address: null, userAgent: null })
  const [own, other] = [await logIn(), await logIn()]
  const change = (sessionId: string, newPassword: string) =>
    changePassword({ userId, sessionId, currentPassword, newPassword, address: '10.0.0.1' })
  const answers = await meetBehind(
    database.pool,
    { sql: 'SELECT FROM users WHERE id = $1 FOR UPDATE', values: [userId] },
    [() => change(own, 'quiet-river-stamp-77'), () => change(other, 'stolen-lemon-crane-13')],
  )
  expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'conflict' } }])
  const stored = await prisma().user.findUniqueOrThrow({ where: { id: userId } })
  expect(await isPasswordRight(stored.passwordHash, 'quiet-river-stamp-77')).toBe(true)
  expect(await getSession({ sessionId: own, userId })).not.toBeNull()
  expect(await getSession({ sessionId: other, userId })).toBeNull()
})
