import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../ids'
import { prisma } from '../prisma'
import { meetBehind } from '../testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { beginSecondFactor, confirmSecondFactor, endSecondFactor, spendCode } from './second-factor'
import { codeAt, stepAt } from './totp'

let database: TestDatabase
let userId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  userId = newId()
  await prisma().user.create({ data: { id: userId, email: `${userId}@example.com`, name: 'Ada', role: 'admin' } })
})

const by = { actor: { userId: null, name: 'Ada' } }

/** What the app of the user shows; the step after this one counts too, so that two codes are at hand. */
const codeOf = (key: string, stepsAhead = 0) => codeAt(bytesOf(key), stepAt(Date.now()) + stepsAhead)

function bytesOf(key: string): Uint8Array {
  const bits = [...key].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const asStored = () => prisma().user.findUniqueOrThrow({ where: { id: userId } })
const meet = (...calls: (() => Promise<unknown>)[]) =>
  meetBehind(database.pool, { sql: 'SELECT FROM users WHERE id = $1 FOR UPDATE', values: [userId] }, calls)

describe('a second factor', () => {
  it('that was confirmed keeps its key, though another was asked for at the same moment', async () => {
    const { key } = await beginSecondFactor(userId)
    const [confirmed, begun] = await meet(
      () => confirmSecondFactor(userId, codeOf(key), by),
      () => beginSecondFactor(userId),
    )
    expect(confirmed).toMatchObject({ status: 'fulfilled' })
    expect(begun).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    expect(await spendCode(await asStored(), codeOf(key, 1))).toBe(true)
  })

  it('is not confirmed by a code of the key that was replaced at the same moment', async () => {
    const { key } = await beginSecondFactor(userId)
    const [, confirmed] = await meet(
      () => beginSecondFactor(userId),
      () => confirmSecondFactor(userId, codeOf(key), by),
    )
    expect(confirmed).toMatchObject({ status: 'rejected', reason: { code: 'invalid-request' } })
    expect((await asStored()).totpConfirmedAt).toBeNull()
  })

  it('that is confirmed twice at once gives recovery codes once, and those count', async () => {
    const { key } = await beginSecondFactor(userId)
    const confirm = () => confirmSecondFactor(userId, codeOf(key), by)
    const answers = await meet(confirm, confirm)
    const codes = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value as string[]] : []))
    expect(codes).toHaveLength(1)
    expect(await spendCode(await asStored(), codes[0]?.[0] ?? '')).toBe(true)
  })

  it('takes a recovery code once, however many use it at once', async () => {
    const { key } = await beginSecondFactor(userId)
    const [code = ''] = await confirmSecondFactor(userId, codeOf(key), by)
    const user = await asStored()
    const lock = { sql: 'SELECT FROM recovery_codes WHERE user_id = $1 FOR UPDATE', values: [userId] }
    const spend = () => spendCode(user, code)
    const answers = await meetBehind(database.pool, lock, [spend, spend, spend])
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value === true)).toHaveLength(1)
  })

  it('takes a code of the app once, however many use it at once', async () => {
    const { key } = await beginSecondFactor(userId)
    await confirmSecondFactor(userId, codeOf(key), by)
    const user = await asStored()
    const code = codeOf(key, 1)
    const spend = () => spendCode(user, code)
    const answers = await meet(spend, spend, spend)
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value === true)).toHaveLength(1)
  })

  it('that is switched off lets a new one begin', async () => {
    const { key } = await beginSecondFactor(userId)
    await confirmSecondFactor(userId, codeOf(key), by)
    await endSecondFactor(userId, by)
    expect((await beginSecondFactor(userId)).key).not.toBe(key)
  })
})
