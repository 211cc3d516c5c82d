import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/prisma'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { findSession } from '@/lib/users/access'
import { hashPassword } from '@/lib/users/password-hash'
import { getSession, recordSession } from '@/lib/users/sessions'
import { POST as changePassword } from './password/route'
import { PATCH as changeProfile } from './profile/route'
import { DELETE as endSession } from './sessions/[sessionId]/route'

const currentPassword = 'tidal-mango-hinge-42'
const newPassword = 'quiet-river-stamp-77'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** A viewer, the least of all roles, with a password. */
async function aViewer() {
  const cookie = await signIn('viewer')
  const session = (await findSession(cookie))!
  await prisma().user.update({
    where: { id: session.userId },
    data: { passwordHash: await hashPassword(currentPassword) },
  })
  return { cookie, ...session }
}

async function actionsOn(targetId: string): Promise<string[]> {
  const events = await prisma().auditEvent.findMany({ where: { targetId }, select: { action: true } })
  return events.map(({ action }) => action)
}

describe('PATCH /api/auth/profile', () => {
  it('changes the own name and records it', async () => {
    const viewer = await aViewer()
    expect(
      (await callRoute(changeProfile, { as: viewer.cookie, method: 'PATCH', body: { name: ' Grace ' } })).status,
    ).toBe(200)
    expect(await findSession(viewer.cookie)).toMatchObject({ name: 'Grace', role: 'viewer' })
    const event = await prisma().auditEvent.findFirst({
      where: { action: 'user.change-name', targetId: viewer.userId },
    })
    expect(event?.detail).toContain('Grace')
  })

  it.each(['role', 'email', 'userId', 'id', 'isActive', 'sessionEpoch', 'passwordHash'])(
    'refuses to set %s',
    async (column) => {
      const viewer = await aViewer()
      const body = { name: 'Grace', [column]: 'owner' }
      expect((await callRoute(changeProfile, { as: viewer.cookie, method: 'PATCH', body })).status).toBe(400)
      expect(await findSession(viewer.cookie)).toMatchObject({ name: 'A viewer', role: 'viewer' })
    },
  )

  it('is for users, not for the dashboard key', async () => {
    const restore = changeEnv({ DASHBOARD_API_KEY: 'dashboard-key-for-tests' })
    const headers = { 'x-dashboard-key': 'dashboard-key-for-tests' }
    expect(
      (await callRoute(changeProfile, { as: null, method: 'PATCH', body: { name: 'Grace' }, headers })).status,
    ).toBe(403)
    restore()
  })
})

describe('POST /api/auth/password', () => {
  const change = (as: string | null, body: object) => callRoute(changePassword, { as, method: 'POST', body })

  it('ends every other login and keeps this one', async () => {
    const viewer = await aViewer()
    const other = {
      userId: viewer.userId,
      sessionId: await recordSession({ userId: viewer.userId, epoch: 0, address: null, userAgent: null }),
    }
    expect((await change(viewer.cookie, { currentPassword, newPassword })).status).toBe(200)
    expect(await findSession(viewer.cookie)).not.toBeNull()
    expect(await getSession(other)).toBeNull()
  })

  it('asks for the current password', async () => {
    const viewer = await aViewer()
    const { status, body } = await change(viewer.cookie, { currentPassword: newPassword, newPassword })
    expect(status).toBe(400)
    expect(body).toMatchObject({ details: { fields: [{ field: 'currentPassword' }] } })
    expect(await actionsOn(viewer.userId)).toEqual(['user.prove-failed'])
  })

  it('slows down who guesses it with a session that is not theirs', async () => {
    const viewer = await aViewer()
    const guess = async () =>
      (await change(viewer.cookie, { currentPassword: 'not-the-password-42', newPassword })).status
    for (let count = 0; count < 5; count += 1) expect(await guess()).toBe(400)
    expect(await guess()).toBe(429)
  })

  it('refuses a password that is easy to guess', async () => {
    const viewer = await aViewer()
    const { status, body } = await change(viewer.cookie, { currentPassword, newPassword: 'password1234' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ details: { fields: [{ field: 'newPassword' }] } })
  })

  it('is not for who is not logged in', async () =>
    expect((await change(null, { currentPassword, newPassword })).status).toBe(401))
})

describe('DELETE /api/auth/sessions/{sessionId}', () => {
  const end = (as: string, sessionId: string) => callRoute(endSession, { as, method: 'DELETE', params: { sessionId } })

  it('ends a login of the own user at once', async () => {
    const viewer = await aViewer()
    expect((await end(viewer.cookie, viewer.sessionId)).status).toBe(200)
    expect(await findSession(viewer.cookie)).toBeNull()
    expect(await actionsOn(viewer.userId)).toEqual(['user.end-login'])
  })

  it("does not find another user's login", async () => {
    const [viewer, other] = [await aViewer(), await aViewer()]
    expect((await end(viewer.cookie, other.sessionId)).status).toBe(404)
    expect(await findSession(other.cookie)).not.toBeNull()
  })

  it('does not take what is no id', async () =>
    expect((await end((await aViewer()).cookie, "1' OR '1'='1")).status).toBe(404))
})
