import { prisma, type Transaction } from '@/lib/prisma'
import { env, type OidcSettings } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { User } from '@/prisma/client/client'
import { recordAudit } from './audit'
import { takeInvitation } from './invitations'
import type { LoggedIn } from './log-in'
import { grantDomains } from './members'
import { isOfDomains, type OidcIdentity } from './oidc-identity'
import { recordSession } from './sessions'
import { hasUsers } from './users'

/** Why somebody whom the provider knows is not let in. */
type OidcRefusal = 'unverified' | 'unknown' | 'deactivated' | 'taken'

interface Caller {
  readonly address: string
  readonly userAgent: string | null
}

/**
 * Begins a session for whom the provider vouches for. They are a user already by its name for them, or become one by
 * an address that it has checked: the user of that address, an invited person, or somebody of an e-mail domain that
 * the operator named. The first owner is made by the setup alone. A second factor is the provider's to ask for.
 */
export async function logInWithOidc(identity: OidcIdentity, caller: Caller): Promise<LoggedIn> {
  const { oidc } = env()
  if (!oidc || !(await hasUsers())) throw new AppError('not-found', 'There is no single sign-on here.')
  const user = await admit({ identity, oidc, address: caller.address })
  if (typeof user === 'string') throw await refuse(user, caller)
  await recordAudit(prisma(), {
    actor: { userId: user.id, name: user.name },
    action: 'user.login',
    targetType: 'user',
    targetId: user.id,
    address: caller.address,
    detail: { by: 'oidc' },
  })
  const { provedAt } = identity
  return {
    userId: user.id,
    sessionId: await recordSession({
      userId: user.id,
      isFromOidc: true,
      epoch: user.sessionEpoch,
      provedAt,
      ...caller,
    }),
  }
}

interface Asked {
  readonly identity: OidcIdentity
  readonly oidc: OidcSettings
  readonly address: string
}

const admissionLock = 7_270_736_908

async function admit(asked: Asked): Promise<User | OidcRefusal> {
  const bySubject = { where: { oidcSubject: asked.identity.subject } }
  const known = await prisma().user.findUnique(bySubject)
  if (known) return ifActive(known)
  return prisma().$transaction(async (tx) => {
    // One at a time: two first logins of one person make one user.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${admissionLock}::bigint)`
    const madeMeanwhile = await tx.user.findUnique(bySubject)
    return madeMeanwhile ? ifActive(madeMeanwhile) : admitByEmail(tx, asked)
  })
}

const ifActive = (user: User): User | OidcRefusal => (user.isActive ? user : 'deactivated')

async function admitByEmail(tx: Transaction, asked: Asked): Promise<User | OidcRefusal> {
  const { email } = asked.identity
  if (email === null) return 'unverified'
  const user = await tx.user.findUnique({ where: { email } })
  if (!user) return welcome(tx, { ...asked, email })
  if (!user.isActive) return 'deactivated'
  // Another person of the provider has this user: an address that was handed on opens nothing.
  if (user.oidcSubject !== null) return 'taken'
  const { subject } = asked.identity
  const linked = await tx.user.update({ where: { id: user.id }, data: { oidcSubject: subject } })
  await recordAudit(tx, { ...entryOf(user, asked.address), action: 'user.link-oidc', detail: { subject } })
  return linked
}

async function welcome(tx: Transaction, asked: Asked & { readonly email: string }): Promise<User | OidcRefusal> {
  const { identity, oidc, email, address } = asked
  const userId = newId()
  const invitation = await takeInvitation(tx, { email })
  if (!invitation && !isOfDomains(email, oidc.emailDomains)) return 'unknown'
  const role = invitation?.role ?? oidc.defaultRole
  const user = await tx.user.create({
    data: { id: userId, email, name: identity.name ?? email, role, oidcSubject: identity.subject },
  })
  await grantDomains(tx, userId, invitation?.domainIds ?? [])
  const detail = { role, by: 'oidc', subject: identity.subject, invitationId: invitation?.id }
  await recordAudit(tx, { ...entryOf(user, address), action: 'user.create', detail })
  return user
}

const entryOf = ({ id, name }: User, address: string) => ({
  actor: { userId: id, name },
  targetType: 'user',
  targetId: id,
  address,
})

async function refuse(why: OidcRefusal, { address }: Caller): Promise<AppError> {
  await recordAudit(prisma(), {
    actor: { userId: null, name: 'nobody' },
    action: 'user.login-failed',
    targetType: 'user',
    targetId: 'unknown',
    address,
    detail: { by: 'oidc', why },
  })
  return new AppError('forbidden', 'This login is not let in.', { details: { oidc: why } })
}
