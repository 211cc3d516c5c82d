import { z } from 'zod'
import { prisma, type Transaction } from '@/lib/prisma'
import { queryRows } from '@/lib/dashboard-query'
import { AppError } from '@/lib/errors'
import { isUuid } from '@/lib/ids'
import type { Actor } from './access'
import type { Doer } from './doer'
import { recordAudit } from './audit'
import { mayManage, roles, type Role } from './permissions'
import { sessionHolds } from './sessions'

interface GrantedDomain {
  readonly domainId: string
  readonly domain: string
}

/** A user as the members page shows them. */
export interface Member {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly isActive: boolean
  readonly hasSecondFactor: boolean
  readonly hasPassword: boolean
  /** The provider of single sign-on vouches for them. */
  readonly hasSingleSignOn: boolean
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
  readonly loginCount: number
  /** Client keys that are theirs and work. */
  readonly clientKeyCount: number
  /** What a member sees; the other roles see every domain. */
  readonly domains: readonly GrantedDomain[]
}

const mostMembers = 1_000

/** Everybody who can log in, and those who no longer can, by name; `userId` narrows to one. */
export async function listMembers(userId?: string): Promise<Member[]> {
  return queryRows<Member>(
    `SELECT u.id AS "userId", u.name, u.email, u.role, u.is_active AS "isActive",
       u.totp_confirmed_at IS NOT NULL AS "hasSecondFactor", u.password_hash IS NOT NULL AS "hasPassword",
       u.oidc_subject IS NOT NULL AS "hasSingleSignOn", u.created_at AS "createdAt",
       coalesce(s.seen, u.last_login_at) AS "lastSeenAt", coalesce(s.logins, 0)::int AS "loginCount",
       coalesce(k.keys, 0)::int AS "clientKeyCount", coalesce(g.domains, '[]') AS domains
     FROM users u
     LEFT JOIN LATERAL (SELECT max(last_seen_at) AS seen,
         count(*) FILTER (WHERE ${sessionHolds}) AS logins
       FROM user_sessions s WHERE user_id = u.id) s ON true
     LEFT JOIN LATERAL (SELECT count(*) AS keys FROM client_keys
       WHERE owner_id = u.id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) k ON true
     LEFT JOIN LATERAL (SELECT json_agg(json_build_object('domainId', d.id, 'domain', d.name) ORDER BY d.name) AS domains
       FROM domain_grants JOIN domains d ON d.id = domain_id WHERE user_id = u.id) g ON true
     WHERE $1::uuid IS NULL OR u.id = $1
     ORDER BY u.is_active DESC, lower(u.name), u.id LIMIT ${mostMembers}`,
    [userId ?? null],
  )
}

export async function requireMember(userId: string): Promise<Member> {
  const [member] = isUuid(userId) ? await listMembers(userId) : []
  if (!member) throw new AppError('not-found', 'There is no such user.')
  return member
}

export const domainIdsSchema = z.array(z.uuid({ error: 'Name domains by their ids.' })).max(1_000)

export const memberChangeSchema = z.strictObject({
  role: z.enum(roles, { error: `is one of ${roles.join(', ')}` }).optional(),
  isActive: z.boolean().optional(),
  domainIds: domainIdsSchema.optional(),
})
type MemberChange = z.infer<typeof memberChangeSchema>

/** Changes of members take turns: two owners who remove each other would leave none. */
export const membersLock = 7_270_736_907

/**
 * Changes what somebody may do. A new role or a deactivation ends their logins, a deactivation their client keys too,
 * all in one transaction with its audit entry.
 */
export async function changeMember(userId: string, change: MemberChange, by: Doer<Actor>): Promise<Member> {
  const asked = await requireMember(userId)
  await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${membersLock}::bigint)`
    const before = { ...asked, ...(await loadStanding(tx, userId)) }
    await requireMayChange(tx, { before, change, actor: by.actor })
    const { role = before.role, isActive = before.isActive, domainIds } = change
    const endsLogins = role !== before.role || (before.isActive && !isActive)
    await tx.user.update({
      where: { id: userId },
      data: { role, isActive, ...(endsLogins && { sessionEpoch: { increment: 1 } }) },
    })
    if (domainIds) await grantDomains(tx, userId, domainIds)
    const revoked = before.isActive && !isActive ? await revokeKeys(tx, userId) : 0
    await recordAudit(tx, {
      ...by,
      action: actionOf(before, change),
      targetType: 'user',
      targetId: userId,
      detail: { before: summaryOf(before), after: change, ...(revoked > 0 && { revokedClientKeys: revoked }) },
    })
  })
  return requireMember(userId)
}

/** What may have changed while this one waited for its turn. */
async function loadStanding(tx: Transaction, userId: string): Promise<Pick<Member, 'role' | 'isActive'>> {
  const { role, isActive } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  return { role: role as Role, isActive }
}

function actionOf(before: Member, { role, isActive }: MemberChange): string {
  if (isActive !== undefined && isActive !== before.isActive) return isActive ? 'user.reactivate' : 'user.deactivate'
  return role !== undefined && role !== before.role ? 'user.change-role' : 'user.change-domains'
}

const summaryOf = ({ role, isActive, domains }: Member) => ({
  role,
  isActive,
  domains: domains.map(({ domain }) => domain),
})

interface Asked {
  readonly before: Member
  readonly change: MemberChange
  readonly actor: Actor
}

const activeOwners = { role: 'owner', isActive: true } as const
const isOwner = ({ role, isActive }: Pick<Member, 'role' | 'isActive'>) => role === 'owner' && isActive

async function requireMayChange(tx: Transaction, { before, change, actor }: Asked): Promise<void> {
  const { role = before.role, isActive = before.isActive } = change
  const actorRole = actor.role ?? 'viewer'
  if (!mayManage(actorRole, before.role) || !mayManage(actorRole, role))
    throw new AppError('forbidden', 'Owners are made, changed and removed by owners alone.')
  const isSelf = before.userId === actor.userId
  if (isSelf && (role !== before.role || !isActive))
    throw new AppError('conflict', 'Nobody changes their own role or deactivates themselves. Ask another owner.')
  if (isOwner(before) && !isOwner({ role, isActive }) && (await tx.user.count({ where: activeOwners })) < 2)
    throw new AppError('conflict', 'This is the last owner. Make somebody else an owner first.')
}

async function revokeKeys(tx: Transaction, ownerId: string): Promise<number> {
  const { count } = await tx.clientKey.updateMany({
    where: { ownerId, revokedAt: null },
    data: { revokedAt: new Date(), revokedReason: 'dashboard' },
  })
  return count
}

/** Replaces what somebody sees by these domains. */
export async function grantDomains(tx: Transaction, userId: string, domainIds: readonly string[]): Promise<void> {
  const known = await tx.domain.findMany({ where: { id: { in: [...domainIds] } }, select: { id: true } })
  if (known.length !== new Set(domainIds).size) throw new AppError('not-found', 'One of these domains does not exist.')
  await tx.domainGrant.deleteMany({ where: { userId } })
  await tx.domainGrant.createMany({ data: known.map(({ id }) => ({ userId, domainId: id })) })
}
