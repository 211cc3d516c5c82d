import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { shared } from '@/lib/shared'
import type { User } from '@/prisma/client/client'
import { recordAudit } from './audit'
import { normaliseEmail } from './email'
import { Gate } from '@/lib/gate'
import { isPasswordRight } from './password-hash'
import { doPasswordsCount, requirePasswordsCount } from './password-policy'
import { passwordMaxLength } from './password-rules'
import { spendCode } from './second-factor'
import { recordSession } from './sessions'
import { beginAttempt, endAttempt } from './throttle'

interface LoginAttempt {
  readonly email: string
  readonly password: string
  /** Of the second factor, where the user has one. */
  readonly code: string
  readonly address: string
  readonly userAgent: string | null
}

export interface LoggedIn {
  readonly userId: string
  readonly sessionId: string
}

/**
 * Checks e-mail, password and, where there is one, the second factor, and begins a session. Unknown, disabled and
 * wrong take the same work and give the same message, so that nobody learns which addresses exist.
 */
export async function logIn(attempt: LoginAttempt): Promise<LoggedIn> {
  const email = normaliseEmail(attempt.email)
  beginAttempt(email ?? 'not-an-address', attempt.address)
  return gate().pass(() => checkAttempt(attempt, email))
}

/** Three at a time: their entries in the audit log wait for each other, each with a connection that pages need. */
const gate = () => shared('login-gate', () => new Gate(3, 100))

async function checkAttempt(attempt: LoginAttempt, email: string | null): Promise<LoggedIn> {
  const user = await prisma().user.findUnique({ where: { email: email ?? '' } })
  const isRight = await isPasswordRight(user?.passwordHash ?? null, attempt.password.slice(0, passwordMaxLength + 1))
  const isKnown = isRight && user?.isActive === true
  const isAdmitted = isKnown && doPasswordsCount(user.role) && (await passesSecondFactor(user, attempt.code))
  await recordAttempt(attempt, user, isAdmitted)
  if (isKnown) requirePasswordsCount(user.role)
  if (!isAdmitted) throw refusal(isKnown)
  endAttempt(user.email)
  const { address, userAgent } = attempt
  const sessionId = await recordSession({ userId: user.id, epoch: user.sessionEpoch, address, userAgent })
  return { userId: user.id, sessionId }
}

function recordAttempt({ address }: LoginAttempt, user: User | null, isAdmitted: boolean): Promise<void> {
  return recordAudit(prisma(), {
    actor: isAdmitted && user ? { userId: user.id, name: user.name } : { userId: null, name: 'nobody' },
    action: isAdmitted ? 'user.login' : 'user.login-failed',
    targetType: 'user',
    targetId: user?.id ?? 'unknown',
    address,
  })
}

/** Who gave the right password may learn that a code is missing. */
async function passesSecondFactor(user: User, code: string): Promise<boolean> {
  if (!user.totpConfirmedAt) return true
  if (code === '') throw new AppError('unauthenticated', 'Enter the code of your app.', { details: { needs: 'code' } })
  return spendCode(user, code)
}

function refusal(isPasswordKnown: boolean): AppError {
  return isPasswordKnown
    ? new AppError('unauthenticated', 'This code is wrong or was used already.', { details: { needs: 'code' } })
    : new AppError('unauthenticated', 'The e-mail address or the password is wrong.')
}
