import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../ids'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import { endSession, getSession, listSessions, recordSession } from './sessions'

let database: TestDatabase
let userId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  userId = newId()
  await database.pool.query("INSERT INTO users (id, email, name, role) VALUES ($1, $2, 'Ada', 'admin')", [
    userId,
    `${userId}@example.com`,
  ])
})

async function begin(epoch = 0) {
  const sessionId = await recordSession({ userId, epoch, address: '10.0.0.1', userAgent: 'x'.repeat(1_000) })
  return { sessionId, userId }
}

const change = (sql: string) => database.pool.query(sql, [userId])

describe('recordSession', () => {
  it('forgets what was a login of that user a quarter of a year ago', async () => {
    await begin()
    await change("UPDATE user_sessions SET created_at = now() - interval '91 days' WHERE user_id = $1")
    await begin()
    expect((await change('SELECT id FROM user_sessions WHERE user_id = $1')).rowCount).toBe(1)
  })
})

describe('getSession', () => {
  it('gives the user as the database knows them now', async () => {
    const claim = await begin()
    await change("UPDATE users SET role = 'viewer', name = 'Ada Lovelace' WHERE id = $1")
    expect(await getSession(claim)).toMatchObject({ ...claim, role: 'viewer', name: 'Ada Lovelace' })
  })

  it.each([
    ['the user was disabled', 'UPDATE users SET is_active = false WHERE id = $1'],
    ['all sessions of the user were ended', 'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1'],
    [
      'it was not used for twelve hours',
      "UPDATE user_sessions SET last_seen_at = now() - interval '12 hours 1 second' WHERE user_id = $1",
    ],
    [
      'it is seven days old, however much used',
      "UPDATE user_sessions SET created_at = now() - interval '7 days 1 second' WHERE user_id = $1",
    ],
    ['the user is gone', 'DELETE FROM users WHERE id = $1'],
  ])('ends at once when %s', async (_reason, sql) => {
    const claim = await begin()
    expect(await getSession(claim)).not.toBeNull()
    await change(sql)
    expect(await getSession(claim)).toBeNull()
  })

  it('goes on while it is used', async () => {
    const claim = await begin()
    await change("UPDATE user_sessions SET last_seen_at = now() - interval '11 hours' WHERE user_id = $1")
    await getSession(claim)
    const { rows } = await change(
      "SELECT last_seen_at > now() - interval '1 minute' AS fresh FROM user_sessions WHERE user_id = $1",
    )
    expect(rows).toEqual([{ fresh: true }])
  })

  it('is not for another user, whatever the claim says', async () => {
    const { sessionId } = await begin()
    expect(await getSession({ sessionId, userId: newId() })).toBeNull()
  })

  it('was never there for a login that began before the password changed', async () => {
    await change('UPDATE users SET session_epoch = 1 WHERE id = $1')
    expect(await getSession(await begin(0))).toBeNull()
  })
})

describe('a login', () => {
  it('gets a new id each time', async () => expect((await begin()).sessionId).not.toBe((await begin()).sessionId))

  it('cannot be used again after the logout, and leaves the other logins alone', async () => {
    const [left, stays] = [await begin(), await begin()]
    expect(await endSession(left)).toEqual({ userName: 'Ada' })
    expect(await getSession(left)).toBeNull()
    expect(await getSession(stays)).not.toBeNull()
    expect(await endSession(left)).toBeNull()
  })

  it('cannot be ended by another user', async () => {
    const claim = await begin()
    expect(await endSession({ sessionId: claim.sessionId, userId: newId() })).toBeNull()
    expect(await getSession(claim)).not.toBeNull()
  })

  it('is listed while it holds, with a bounded user agent', async () => {
    const [first, second] = [await begin(), await begin()]
    await endSession(first)
    const listed = await listSessions(userId)
    expect(listed.map((session) => session.sessionId)).toEqual([second.sessionId])
    expect(listed[0]?.userAgent).toHaveLength(256)
  })
})
