import { dashboardPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { AppError, refusedField } from '@/lib/errors'
import type { Actor } from './access'
import { recordAudit } from './audit'
import { isPasswordRight } from './password-hash'
import { doPasswordsCount, requirePasswordsCount } from './password-policy'
import { beginAttempt, endAttempt } from './throttle'

/**
 * For what a borrowed browser must not do: the user has proved who they are a short while ago, or is asked to.
 * The holder of the dashboard key proves it with every call.
 */
export async function requireRecentProof(actor: Actor): Promise<void> {
  if (actor.sessionId === null) return
  const { rowCount } = await dashboardPool().query(
    `SELECT 1 FROM user_sessions WHERE id = $1 AND proved_at > now() - $2 * interval '1 millisecond'`,
    [actor.sessionId, env().REAUTHENTICATE_AFTER_MS],
  )
  if (rowCount === 0) throw await wantedProof(actor)
}

/** Who has no password here proves it where they have one. */
async function wantedProof({ userId }: Actor): Promise<AppError> {
  const user = await prisma().user.findUnique({
    where: { id: userId ?? '' },
    select: { passwordHash: true, role: true },
  })
  const { oidc } = env()
  return oidc && user && (user.passwordHash === null || !doPasswordsCount(user.role))
    ? new AppError('reauthenticate', `Log in with ${oidc.name} again to go on.`, { details: { by: 'oidc' } })
    : new AppError('reauthenticate', 'Enter your password again to go on.')
}

interface Proof {
  readonly userId: string
  readonly sessionId: string
  readonly password: string
  readonly address: string
}

/** Takes the password as proof that the user of a session still sits there. */
export async function proveAgain({ userId, sessionId, password, address }: Proof): Promise<void> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } })
  requirePasswordsCount(user.role)
  const attempted = `password of ${userId}`
  beginAttempt(attempted, address)
  const isRight = await isPasswordRight(user.passwordHash, password)
  await recordAudit(prisma(), {
    actor: { userId, name: user.name },
    action: isRight ? 'user.prove' : 'user.prove-failed',
    targetType: 'user',
    targetId: userId,
    address,
  })
  if (!isRight) throw refusedField('password', 'This is not your password.')
  endAttempt(attempted)
  await prisma().userSession.update({ where: { id: sessionId }, data: { provedAt: new Date() } })
}
