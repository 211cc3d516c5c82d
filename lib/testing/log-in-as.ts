import { encode } from 'next-auth/jwt'
import { hotPool } from '../db'
import { env } from '../env'
import { newId } from '../ids'
import type { Role } from '../users/permissions'
import { cookieName } from '../users/session-cookie'
import { recordSession } from '../users/sessions'

/** A new user of this role with a session that holds; answers the `cookie` header of their browser. */
export async function logInAs(role: Role): Promise<string> {
  const userId = newId()
  await hotPool().query('INSERT INTO users (id, email, name, role) VALUES ($1, $2, $3, $4)', [
    userId,
    `${userId}@example.com`,
    `A ${role}`,
    role,
  ])
  const sessionId = await recordSession({ userId, epoch: 0, address: null, userAgent: null })
  const token = await encode({ token: { sid: sessionId, sub: userId }, secret: env().nextAuthSecret })
  return `${cookieName('session')}=${token}`
}
