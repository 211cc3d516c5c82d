import { dashboardPool } from '@/lib/db'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { isRole, type Role } from './permissions'
import type { SessionClaim } from './session-cookie'

export const idleLimitHours = 12
export const absoluteLimitDays = 7
/** How long it is known when and from where somebody was logged in. */
const rememberedDays = 90

/** A login that holds right now, with the user as the database knows them right now. */
export interface Session {
  readonly sessionId: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  /** Their role asks for a second factor, and they have none yet: until then there are the settings alone. */
  readonly lacksSecondFactor: boolean
}

interface NewSession {
  readonly userId: string
  /** As read together with the password: raised meanwhile, the session is stillborn. */
  readonly epoch: number
  readonly address: string | null
  readonly userAgent: string | null
  /** When the user gave their password elsewhere; without it just now. */
  readonly provedAt?: Date | null
  readonly isFromOidc?: boolean
}

/** Records a login. The id is new each time, so a cookie planted before the login is worth nothing after it. */
export async function recordSession(session: NewSession): Promise<string> {
  const sessionId = newId()
  await dashboardPool().query(
    `WITH login AS (UPDATE users SET last_login_at = now() WHERE id = $2),
       forgotten AS (DELETE FROM user_sessions WHERE user_id = $2 AND created_at < now() - interval '${rememberedDays} days')
     INSERT INTO user_sessions (id, user_id, epoch, address, user_agent, proved_at, is_from_oidc)
     VALUES ($1, $2, $3, $4, $5, least(now(), $6), $7)`,
    [
      sessionId,
      session.userId,
      session.epoch,
      session.address,
      session.userAgent?.slice(0, 256) ?? null,
      session.provedAt,
      session.isFromOidc === true,
    ],
  )
  return sessionId
}

/** A session `s` of the user `u` can be used now. */
export const sessionHolds = `s.ended_at IS NULL AND u.is_active AND s.epoch = u.session_epoch
  AND s.last_seen_at > now() - interval '${idleLimitHours} hours' AND s.created_at > now() - interval '${absoluteLimitDays} days'`

/** The session a cookie claims, if it still holds. Asked on every request: an ended login stops at once. */
export async function getSession(claim: SessionClaim): Promise<Session | null> {
  const { rows } = await dashboardPool().query<Session & { isStale: boolean; hasSecondFactor: boolean }>(
    `SELECT s.id AS "sessionId", u.id AS "userId", u.name, u.email, u.role,
       s.is_from_oidc OR u.totp_confirmed_at IS NOT NULL AS "hasSecondFactor", s.last_seen_at < now() - interval '1 minute' AS "isStale"
     FROM user_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND u.id = $2 AND ${sessionHolds}`,
    [claim.sessionId, claim.userId],
  )
  const row = rows[0]
  if (!row || !isRole(row.role)) return null
  if (row.isStale)
    await dashboardPool().query('UPDATE user_sessions SET last_seen_at = now() WHERE id = $1', [row.sessionId])
  const { isStale: _, hasSecondFactor, ...session } = row
  return { ...session, lacksSecondFactor: !hasSecondFactor && env().secondFactorRoles.includes(session.role) }
}

/** Ends one login of a user; null when it had ended before, or is not theirs. */
export async function endSession(claim: SessionClaim): Promise<{ userName: string } | null> {
  const { rows } = await dashboardPool().query<{ userName: string }>(
    `UPDATE user_sessions s SET ended_at = now() FROM users u
     WHERE s.id = $1 AND s.user_id = $2 AND u.id = s.user_id AND s.ended_at IS NULL RETURNING u.name AS "userName"`,
    [claim.sessionId, claim.userId],
  )
  return rows[0] ?? null
}

export interface ListedSession {
  readonly sessionId: string
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly address: string | null
  readonly userAgent: string | null
}

/** The logins of a user that hold, newest first. */
export async function listSessions(userId: string): Promise<ListedSession[]> {
  const { rows } = await dashboardPool().query<ListedSession & { createdAt: Date; lastSeenAt: Date }>(
    `SELECT s.id AS "sessionId", s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.address, s.user_agent AS "userAgent"
     FROM user_sessions s JOIN users u ON u.id = s.user_id WHERE u.id = $1 AND ${sessionHolds} ORDER BY s.created_at DESC LIMIT 50`,
    [userId],
  )
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
  }))
}
