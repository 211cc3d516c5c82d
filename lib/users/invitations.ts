import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { queryRows } from '@/lib/dashboard-query'
import { prisma, type Transaction } from '@/lib/prisma'
import { env } from '@/lib/env'
import { AppError, refusedField } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import type { Actor } from './access'
import type { Doer } from './doer'
import { recordAudit } from './audit'
import { emailSchema } from './email-schema'
import { domainIdsSchema, grantDomains, membersLock } from './members'
import { hashPassword } from './password-hash'
import { requirePasswordsCount } from './password-policy'
import { requireGoodPassword } from './password-check'
import { mayManage, roles, type Role } from './permissions'
import { personName } from './person-name'
import { beginAttempt, endAttempt } from './throttle'

const invitationDays = 7

/** An invitation that can still be accepted. Its link was shown once, when it was made. */
export interface Invitation {
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly domains: readonly string[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export const newInvitationSchema = z.strictObject({
  email: emailSchema,
  role: z.enum(roles, { error: `is one of ${roles.join(', ')}` }),
  domainIds: domainIdsSchema.default([]),
})

export const acceptanceSchema = z.strictObject({
  token: z.string().max(256),
  name: personName,
  password: z.string().max(1_024),
})

const open = 'accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > now()'

export async function listInvitations(): Promise<Invitation[]> {
  return queryRows<Invitation>(
    `SELECT id AS "invitationId", email, role, created_by AS "createdBy", created_at AS "createdAt",
       expires_at AS "expiresAt", array(SELECT name FROM domains d WHERE d.id = ANY(domain_ids) ORDER BY name) AS domains
     FROM invitations WHERE ${open} ORDER BY id DESC LIMIT 200`,
  )
}

const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest())

/** Makes a link that makes one person a user, once. The token stands behind the `#`: no server and no log sees it. */
export async function createInvitation(given: z.infer<typeof newInvitationSchema>, by: Doer<Actor>) {
  const { email, role, domainIds } = given
  if (!mayManage(by.actor.role ?? 'viewer', role))
    throw new AppError('forbidden', 'Owners are made, changed and removed by owners alone.')
  if (await prisma().user.findUnique({ where: { email } })) throw taken()
  const [id, token] = [newId(), randomBytes(32).toString('base64url')]
  const expiresAt = new Date(Date.now() + invitationDays * 86_400_000)
  await prisma().$transaction(async (tx) => {
    // A second invitation takes the place of the first, also of one that is being made.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${membersLock}::bigint)`
    const withdrawnAt = new Date()
    await tx.invitation.updateMany({ where: { email, acceptedAt: null, withdrawnAt: null }, data: { withdrawnAt } })
    await tx.invitation.create({
      data: { id, email, role, domainIds, tokenHash: hashOf(token), createdBy: by.actor.name, expiresAt },
    })
    const detail = { email, role, domainIds, expiresAt }
    await recordAudit(tx, { ...by, action: 'invitation.create', targetType: 'invitation', targetId: id, detail })
  })
  return { invitationId: id, url: `${env().publicUrl}/invitation#${token}`, expiresAt }
}

export async function withdrawInvitation(invitationId: string, by: Doer): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const { count } = isUuid(invitationId)
      ? await tx.invitation.updateMany({
          where: { id: invitationId, acceptedAt: null, withdrawnAt: null },
          data: { withdrawnAt: new Date() },
        })
      : { count: 0 }
    if (count === 0) throw new AppError('not-found', 'There is no such invitation.')
    const target = { targetType: 'invitation', targetId: invitationId }
    await recordAudit(tx, { ...by, action: 'invitation.withdraw', ...target })
  })
}

/** Whom an invitation is for; null = it is used, withdrawn, over, or never was. */
async function findInvitation(token: string): Promise<{ email: string; role: Role } | null> {
  const invitation = await prisma().invitation.findFirst({
    where: { tokenHash: hashOf(token), acceptedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
  })
  return invitation && { email: invitation.email, role: invitation.role as Role }
}

/** Makes the user whom an invitation is for. Of any number of tries at once exactly one wins. */
export async function acceptInvitation(given: z.infer<typeof acceptanceSchema>, address: string): Promise<void> {
  const { token, name, password } = given
  beginAttempt(`invitation from ${address}`, address)
  const found = await findInvitation(token)
  if (!found) throw over()
  requirePasswordsCount(found.role)
  endAttempt(`invitation from ${address}`)
  requireGoodPassword(password, [name, found.email])
  const [userId, passwordHash] = [newId(), await hashPassword(password)]
  await prisma().$transaction(async (tx) => {
    const invitation = await takeInvitation(tx, { tokenHash: hashOf(token) })
    if (!invitation) throw over()
    const { id, email, role, domainIds } = invitation
    if (await tx.user.findUnique({ where: { email } })) throw taken()
    await tx.user.create({ data: { id: userId, email, name, role, passwordHash } })
    await grantDomains(tx, userId, domainIds)
    await recordAudit(tx, {
      actor: { userId, name },
      action: 'user.create',
      targetType: 'user',
      targetId: userId,
      address,
      detail: { role, by: 'invitation', invitationId: id },
    })
  })
}

/**
 * Uses an open invitation up: the one with this token, or the one for an address that was proved in another way.
 * Its domains are those that still exist. null = there is none.
 */
export async function takeInvitation(
  tx: Transaction,
  wanted: { tokenHash: Uint8Array<ArrayBuffer> } | { email: string },
) {
  const [invitation] = await tx.invitation.updateManyAndReturn({
    where: { ...wanted, acceptedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    data: { acceptedAt: new Date() },
  })
  if (!invitation) return null
  const known = await tx.domain.findMany({ where: { id: { in: invitation.domainIds } }, select: { id: true } })
  return { ...invitation, domainIds: known.map(({ id }) => id) }
}

const over = () =>
  new AppError('not-found', 'This invitation is used up or over. Ask the person who invited you for a new one.')

const taken = () => refusedField('email', 'Somebody with this e-mail address is a user already.', 'conflict')
