import { prisma } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { recordAudit } from './audit'
import { normaliseEmail } from './email'
import { isPasswordRight } from './password-hash'
import { passwordMaxLength } from './password-rules'
import { recordSession } from './sessions'
import { beginAttempt, endAttempt } from './throttle'

export interface LoginAttempt {
  readonly email: string
  readonly password: string
  readonly address: string
  readonly userAgent: string | null
}

export interface LoggedIn {
  readonly userId: string
  readonly sessionId: string
}

/**
 * Checks e-mail and password and begins a session. Unknown, disabled and wrong take the same work and give the same
 * message, so that nobody learns which addresses exist.
 */
export async function logIn(attempt: LoginAttempt): Promise<LoggedIn> {
  const email = normaliseEmail(attempt.email)
  beginAttempt(email ?? 'not-an-address', attempt.address)
  const user = await prisma().user.findUnique({ where: { email: email ?? '' } })
  const isRight = await isPasswordRight(user?.passwordHash ?? null, attempt.password.slice(0, passwordMaxLength + 1))
  const isAdmitted = isRight && user?.isActive === true
  await recordAudit(prisma(), {
    actor: isAdmitted ? { userId: user.id, name: user.name } : { userId: null, name: 'nobody' },
    action: isAdmitted ? 'user.login' : 'user.login-failed',
    targetType: 'user',
    targetId: user?.id ?? 'unknown',
    address: attempt.address,
  })
  if (!isAdmitted) throw new AppError('unauthenticated', 'The e-mail address or the password is wrong.')
  endAttempt(user.email)
  const { address, userAgent } = attempt
  const sessionId = await recordSession({ userId: user.id, epoch: user.sessionEpoch, address, userAgent })
  return { userId: user.id, sessionId }
}
