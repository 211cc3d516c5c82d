import { z } from 'zod'
import { dashboardPool, prisma } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Prisma } from '@/prisma/client/client'
import { labelSchema, type By } from './change'
import { buildClientKey, describeClientKey } from './client-key'
import { hashClientKey } from './client-key-hash'
import { expireKnownClients } from './known-clients'

export type ClientKeyStatus = 'active' | 'expiring' | 'expired' | 'revoked'

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
}

/** A key at the one moment when it can be read. */
export interface MadeClientKey {
  readonly key: string
  readonly clientKey: ListedClientKey
}

const nameSchema = labelSchema.min(1, { error: 'Enter a name: who or what will use the key?' })

export const clientKeyListSchema = z.strictObject({
  domainId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
})

export const newClientKeySchema = z.strictObject({
  domainId: z.uuid({ error: 'Name a domain by its id.' }),
  name: nameSchema,
  expiresAt: z.iso
    .datetime({ offset: true, error: 'Use a time such as 2027-01-31T00:00:00Z.' })
    .transform((text) => new Date(text))
    .refine((at) => at.getTime() > Date.now(), { error: 'Choose a time in the future.' })
    .nullish(),
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
  k.revoked_reason AS "revokedReason", k.last_used_at AS "lastUsedAt"
  FROM client_keys k JOIN domains d ON d.id = k.domain_id`

export interface ClientKeyPage {
  readonly clientKeys: ListedClientKey[]
  readonly pagination: { readonly limit: number; readonly nextCursor: string | null }
}

/** Newest first; revoked keys stay visible. */
export async function listClientKeys(query: z.infer<typeof clientKeyListSchema>): Promise<ClientKeyPage> {
  const { domainId, limit, cursor } = query
  const { rows } = await dashboardPool().query<ListedClientKey>(
    `SELECT ${listed} WHERE ($1::uuid IS NULL OR k.domain_id = $1) AND ($2::uuid IS NULL OR k.id < $2) ORDER BY k.id DESC LIMIT $3`,
    [domainId ?? null, cursor ?? null, limit + 1],
  )
  const clientKeys = rows.slice(0, limit)
  const nextCursor = rows.length > limit ? (clientKeys.at(-1)?.clientKeyId ?? null) : null
  return { clientKeys, pagination: { limit, nextCursor } }
}

export async function requireClientKey(clientKeyId: string): Promise<ListedClientKey> {
  if (!isUuid(clientKeyId)) throw new AppError('not-found', 'There is no such client key.')
  const { rows } = await dashboardPool().query<ListedClientKey>(`SELECT ${listed} WHERE k.id = $1`, [clientKeyId])
  if (!rows[0]) throw new AppError('not-found', 'There is no such client key.')
  return rows[0]
}

export async function createClientKey(given: z.infer<typeof newClientKeySchema>, by: By): Promise<MadeClientKey> {
  const { domainId, name, expiresAt } = given
  const made = await prisma().$transaction(async (transaction) => {
    const domain = await transaction.domain.findUnique({ where: { id: domainId } })
    if (!domain) throw new AppError('not-found', 'There is no such domain.')
    const added = await addKey(transaction, { domainId, name, expiresAt: expiresAt ?? null })
    const detail = { domain: domain.name, name, expiresAt: expiresAt ?? null }
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
  transaction: Prisma.TransactionClient,
  data: { domainId: string; name: string; expiresAt: Date | null },
) {
  const key = buildClientKey()
  const id = newId()
  await transaction.clientKey.create({
    data: { id, ...data, hash: Buffer.from(hashClientKey(key)), ...describeClientKey(key) },
  })
  return { id, key }
}

/** Ends a key: at once here, within five seconds in other processes. A second time changes nothing. */
export async function revokeClientKey(clientKeyId: string, by: By): Promise<ListedClientKey> {
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

/** A new key with the same name; the old one works on for the overlap. */
export async function rotateClientKey(
  clientKeyId: string,
  { overlapHours }: z.infer<typeof rotationSchema>,
  by: By,
): Promise<MadeClientKey> {
  const old = await requireClientKey(clientKeyId)
  if (old.source === 'file') {
    throw new AppError('conflict', `This key stands in the credential file of ${old.domain}: change it there.`)
  }
  if (old.status === 'revoked' || old.status === 'expired') {
    throw new AppError('conflict', `This key is ${old.status} already: create a new one.`)
  }
  const overlapEnd = new Date(Date.now() + overlapHours * 3_600_000)
  const endsAt = old.expiresAt && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd
  const made = await prisma().$transaction(async (transaction) => {
    const { count } = await transaction.clientKey.updateMany({
      where: { id: clientKeyId, revokedAt: null },
      data: { expiresAt: endsAt },
    })
    if (count === 0) throw new AppError('conflict', 'This key was revoked a moment ago: create a new one.')
    const added = await addKey(transaction, { domainId: old.domainId, name: old.name, expiresAt: null })
    const detail = { domain: old.domain, name: old.name, newClientKeyId: added.id, oldKeyEndsAt: endsAt }
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
