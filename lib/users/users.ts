import { dashboardPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { AppError, refusedField } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { shared } from '@/lib/shared'
import { recordAudit, type AuditActor } from './audit'
import { hashPassword, isPasswordRight } from './password-hash'
import { requireGoodPassword } from './password-check'
import { requirePasswordsCount } from './password-policy'
import { beginAttempt, endAttempt } from './throttle'

/** Whether the first user was made. The last owner cannot be removed, so a yes holds for ever and is remembered. */
export async function hasUsers(): Promise<boolean> {
  const seen = shared('users-exist', () => ({ value: false }))
  if (!seen.value) {
    const { rowCount } = await dashboardPool().query('SELECT 1 FROM users LIMIT 1')
    seen.value = rowCount === 1
  }
  return seen.value
}

interface NewOwner {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly address: string
}

const setupLock = 7_270_736_906

/** Makes the first user. Of any number of tries at once exactly one wins; after it this is closed for ever. */
export async function createOwner(owner: NewOwner): Promise<string> {
  requireGoodPassword(owner.password, [owner.name, owner.email])
  const passwordHash = await hashPassword(owner.password)
  const id = newId()
  await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${setupLock}::bigint)`
    if ((await tx.user.count()) > 0) throw new AppError('not-found', 'The setup is done already.')
    await tx.user.create({ data: { id, email: owner.email, name: owner.name, passwordHash, role: 'owner' } })
    const actor: AuditActor = { userId: id, name: owner.name }
    await recordAudit(tx, {
      actor,
      action: 'user.create',
      targetType: 'user',
      targetId: id,
      address: owner.address,
      detail: { role: 'owner', by: 'setup' },
    })
  })
  return id
}

/** The user behind a session, or the change is refused. */
async function requireAccount(userId: string) {
  const user = await prisma().user.findUnique({ where: { id: userId, isActive: true } })
  if (!user) throw new AppError('not-found', 'There is no such user.')
  return user
}

interface NameChange {
  readonly userId: string
  readonly name: string
  readonly address: string
}

export async function changeName({ userId, name, address }: NameChange): Promise<void> {
  const user = await requireAccount(userId)
  await prisma().$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { name } })
    const detail = { before: { name: user.name }, after: { name } }
    await recordAudit(tx, {
      actor: { userId, name },
      action: 'user.change-name',
      targetType: 'user',
      targetId: userId,
      address,
      detail,
    })
  })
}

interface PasswordChange {
  readonly userId: string
  /** The session that asks: it alone lives on. */
  readonly sessionId: string
  readonly currentPassword: string
  readonly newPassword: string
  readonly address: string
}

/** Replaces the password and ends every other session of the user in the same transaction. */
export async function changePassword(change: PasswordChange): Promise<void> {
  const user = await requireAccount(change.userId)
  requirePasswordsCount(user.role)
  const attempted = `password of ${user.id}`
  const actor: AuditActor = { userId: user.id, name: user.name }
  const who = { actor, targetType: 'user', targetId: user.id, address: change.address }
  beginAttempt(attempted, change.address)
  if (!(await isPasswordRight(user.passwordHash, change.currentPassword))) {
    await recordAudit(prisma(), { ...who, action: 'user.prove-failed' })
    throw refusedField('currentPassword', 'This is not your current password.')
  }
  endAttempt(attempted)
  requireGoodPassword(change.newPassword, [user.name, user.email], 'newPassword')
  const passwordHash = await hashPassword(change.newPassword)
  await prisma().$transaction(async (tx) => {
    // Not if the logins of the user were ended meanwhile: with another password, or by somebody who manages them.
    const { sessionEpoch } = user
    const { count } = await tx.user.updateMany({
      where: { id: user.id, isActive: true, sessionEpoch },
      data: { passwordHash, sessionEpoch: sessionEpoch + 1 },
    })
    if (count === 0) throw new AppError('conflict', 'Your logins were ended a moment ago. Log in again.')
    const own = { id: change.sessionId, userId: user.id, epoch: sessionEpoch }
    await tx.userSession.updateMany({ where: own, data: { epoch: sessionEpoch + 1 } })
    await recordAudit(tx, { ...who, action: 'user.change-password' })
  })
}
