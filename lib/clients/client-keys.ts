import { z } from 'zod'
import { dashboardPool } from '@/lib/db'
import { prisma, type Transaction } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { ClientKey } from '@/prisma/client/client'
import { labelSchema, modelListSchema } from './change'
import type { Doer } from '@/lib/users/doer'
import { buildClientKey, describeClientKey } from './client-key'
import { hashClientKey } from './client-key-hash'
import { holdKeyOwner, requireKeyOwner } from './key-owner'
import { expireKnownClients } from './known-clients'

type ClientKeyStatus = 'active' | 'expiring' | 'expired' | 'revoked'

/** What may be seen of a key. The key itself is shown once, when it is made. */
export interface ListedClientKey {
  readonly clientKeyId: string
  readonly domainId: string
  readonly domain: string
  readonly name: string
  readonly prefix: string
  readonly last4: string
  /** `file`: a credential file names it. */
  readonly source: 'dashboard' | 'file'
  /** `expiring`: it works, and has an end. */
  readonly status: ClientKeyStatus
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly revokedReason: 'dashboard' | 'file' | null
  readonly lastUsedAt: Date | null
  /** The person whose key it is: it ends when they are deactivated. null = the domain's own. */
  readonly ownerId: string | null
  readonly owner: string | null
  /** The models it may use; empty = every model. */
  readonly allowedModels: readonly string[]
}

/** A key at the one moment when it can be read. */
export interface MadeClientKey {
  readonly key: string
  readonly clientKey: ListedClientKey
}

const nameSchema = labelSchema.min(1, { error: 'Enter a name: who or what will use the key?' })

export const clientKeyListSchema = z.strictObject({
  domainId: z.uuid().optional(),
  /** Working keys that nobody has used for so many days, though they are older than that. */
  unusedDays: z.coerce.number().int().min(1).max(3_650).optional(),
  /** A part of the key's name or of its domain's. */
  q: z.string().trim().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
})

const expirySchema = z.iso
  .datetime({ offset: true, error: 'Use a time such as 2027-01-31T00:00:00Z.' })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() > Date.now(), { error: 'Choose a time in the future.' })
  .nullish()

export const newClientKeySchema = z.strictObject({
  domainId: z.uuid({ error: 'Name a domain by its id.' }),
  name: nameSchema,
  expiresAt: expirySchema,
  allowedModels: modelListSchema.optional(),
  /** A person's own key ends when that person is deactivated. */
  ownerEmail: z.string().trim().max(254).optional(),
})

export const clientKeyChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  expiresAt: expirySchema,
  allowedModels: modelListSchema.optional(),
})

export const rotationSchema = z.strictObject({
  /** How long the old key still works. */
  overlapHours: z
    .number()
    .min(0, { error: 'Use 0 or more hours.' })
    .max(24 * 90, { error: 'Use 90 days at most.' })
    .default(24),
})

const listed = `k.id AS "clientKeyId", k.domain_id AS "domainId", d.name AS domain, k.name, k.prefix, k.last4, k.source,
  CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= now() THEN 'expired'
       WHEN k.expires_at IS NOT NULL THEN 'expiring' ELSE 'active' END AS status,
  k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
  k.revoked_reason AS "revokedReason", k.last_used_at AS "lastUsedAt",
  k.allowed_models AS "allowedModels", k.owner_id AS "ownerId", u.name AS owner
  FROM client_keys k JOIN domains d ON d.id = k.domain_id LEFT JOIN users u ON u.id = k.owner_id`

export interface ClientKeyPage {
  readonly clientKeys: ListedClientKey[]
  readonly pagination: { readonly limit: number; readonly nextCursor: string | null }
}

/** Newest first; revoked keys stay visible. */
export async function listClientKeys(query: z.infer<typeof clientKeyListSchema>): Promise<ClientKeyPage> {
  const { domainId, unusedDays, q, limit, cursor } = query
  const { rows } = await dashboardPool().query<ListedClientKey>(
    `SELECT ${listed} WHERE ($1::uuid IS NULL OR k.domain_id = $1) AND ($2::uuid IS NULL OR k.id < $2)
       AND ($4::int IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
         AND coalesce(k.last_used_at, k.created_at) < now() - make_interval(days => $4)))
       AND ($5::text IS NULL OR strpos(lower(k.name || CASE WHEN $1::uuid IS NULL THEN ' ' || d.name ELSE '' END), lower($5)) > 0)
     ORDER BY k.id DESC LIMIT $3`,
    [domainId ?? null, cursor ?? null, limit + 1, unusedDays ?? null, q ?? null],
  )
  const clientKeys = rows.slice(0, limit)
  const nextCursor = rows.length > limit ? (clientKeys.at(-1)?.clientKeyId ?? null) : null
  return { clientKeys, pagination: { limit, nextCursor } }
}

async function requireClientKey(clientKeyId: string): Promise<ListedClientKey> {
  if (!isUuid(clientKeyId)) throw new AppError('not-found', 'There is no such client key.')
  const { rows } = await dashboardPool().query<ListedClientKey>(`SELECT ${listed} WHERE k.id = $1`, [clientKeyId])
  if (!rows[0]) throw new AppError('not-found', 'There is no such client key.')
  return rows[0]
}

export async function createClientKey(given: z.infer<typeof newClientKeySchema>, by: Doer): Promise<MadeClientKey> {
  const { domainId, name, expiresAt, allowedModels, ownerEmail } = given
  const made = await prisma().$transaction(async (transaction) => {
    const domain = await transaction.domain.findUnique({ where: { id: domainId } })
    if (!domain) throw new AppError('not-found', 'There is no such domain.')
    const ownerId = await requireKeyOwner(transaction, ownerEmail)
    const added = await addKey(transaction, { domainId, name, expiresAt: expiresAt ?? null, allowedModels, ownerId })
    const detail = { domain: domain.name, name, expiresAt: expiresAt ?? null, allowedModels, ownerEmail }
    await recordAudit(transaction, {
      ...by,
      action: 'client-key.create',
      targetType: 'client-key',
      targetId: added.id,
      detail,
    })
    return added
  })
  expireKnownClients()
  return { key: made.key, clientKey: await requireClientKey(made.id) }
}

async function addKey(
  transaction: Transaction,
  data: Pick<ListedClientKey, 'domainId' | 'name' | 'expiresAt' | 'ownerId'> & {
    allowedModels?: string[]
    firstKeyId?: string
  },
) {
  const key = buildClientKey()
  const id = newId()
  await transaction.clientKey.create({
    data: { id, ...data, hash: Buffer.from(hashClientKey(key)), ...describeClientKey(key) },
  })
  return { id, key }
}

/** Changes of one key take turns, and each decides on what the one before has left. */
async function lockKey(transaction: Transaction, clientKeyId: string): Promise<ClientKey> {
  await transaction.$queryRaw`SELECT id FROM client_keys WHERE id = ${clientKeyId}::uuid FOR UPDATE`
  return transaction.clientKey.findUniqueOrThrow({ where: { id: clientKeyId } })
}

/** What is left out stays. A revoked key stays as it is. */
export async function updateClientKey(
  clientKeyId: string,
  change: z.infer<typeof clientKeyChangeSchema>,
  by: Doer,
): Promise<ListedClientKey> {
  const { domain } = await requireClientKey(clientKeyId)
  await prisma().$transaction(async (transaction) => {
    const { name, expiresAt, allowedModels, revokedAt } = await lockKey(transaction, clientKeyId)
    if (revokedAt) throw new AppError('conflict', 'This key is revoked: create a new one.')
    await transaction.clientKey.update({ where: { id: clientKeyId }, data: change })
    const detail = { domain, before: { name, expiresAt, allowedModels }, after: change }
    const target = { action: 'client-key.update', targetType: 'client-key', targetId: clientKeyId }
    await recordAudit(transaction, { ...by, ...target, detail })
  })
  expireKnownClients()
  return requireClientKey(clientKeyId)
}

/** Ends a key: at once here, within five seconds in other processes. A second time changes nothing. */
export async function revokeClientKey(clientKeyId: string, by: Doer): Promise<ListedClientKey> {
  const { domain, name, last4 } = await requireClientKey(clientKeyId)
  await prisma().$transaction(async (transaction) => {
    const { count } = await transaction.clientKey.updateMany({
      where: { id: clientKeyId, revokedAt: null },
      data: { revokedAt: new Date(), revokedReason: 'dashboard' },
    })
    if (count === 0) return
    const detail = { domain, name, last4 }
    await recordAudit(transaction, {
      ...by,
      action: 'client-key.revoke',
      targetType: 'client-key',
      targetId: clientKeyId,
      detail,
    })
  })
  expireKnownClients()
  return requireClientKey(clientKeyId)
}

/** A new key with the same name, limits and spend; the old one works on for the overlap. */
export async function rotateClientKey(
  clientKeyId: string,
  { overlapHours }: z.infer<typeof rotationSchema>,
  by: Doer,
): Promise<MadeClientKey> {
  const { domain, ownerId } = await requireClientKey(clientKeyId)
  const made = await prisma().$transaction(async (transaction) => {
    await holdKeyOwner(transaction, ownerId)
    const old = await lockKey(transaction, clientKeyId)
    requireRotatable(old, domain)
    const overlapEnd = new Date(Date.now() + overlapHours * 3_600_000)
    const endsAt = old.expiresAt && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd
    await transaction.clientKey.update({ where: { id: clientKeyId }, data: { expiresAt: endsAt } })
    const { domainId, name, allowedModels } = old
    const firstKeyId = old.firstKeyId ?? clientKeyId
    const added = await addKey(transaction, { domainId, name, expiresAt: null, allowedModels, ownerId, firstKeyId })
    const detail = { domain, name, newClientKeyId: added.id, oldKeyEndsAt: endsAt }
    await recordAudit(transaction, {
      ...by,
      action: 'client-key.rotate',
      targetType: 'client-key',
      targetId: clientKeyId,
      detail,
    })
    return added
  })
  expireKnownClients()
  return { key: made.key, clientKey: await requireClientKey(made.id) }
}

function requireRotatable({ source, revokedAt, expiresAt }: ClientKey, domain: string): void {
  if (source === 'file')
    throw new AppError('conflict', `This key stands in the credential file of ${domain}: change it there.`)
  const isExpired = expiresAt !== null && expiresAt.getTime() <= Date.now()
  if (revokedAt || isExpired)
    throw new AppError('conflict', `This key is ${revokedAt ? 'revoked' : 'expired'} already: create a new one.`)
}
