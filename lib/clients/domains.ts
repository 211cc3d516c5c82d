import { z } from 'zod'
import { collectParameters } from '@/lib/dashboard-query'
import { dashboardPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { lastDaySql } from '@/lib/last-day'
import { recordAudit } from '@/lib/users/audit'
import { bodyReaders, type BodyReaders } from '@/lib/users/reach'
import { isTaken } from './change'
import type { Doer } from '@/lib/users/doer'
import { domainNameSchema } from './domain-name'
import { expireKnownClients } from './known-clients'

export interface ListedDomain {
  readonly domainId: string
  readonly domain: string
  readonly capture: 'full' | 'metadata' | 'off'
  readonly isPassThroughAllowed: boolean
  readonly failover: 'off' | 'same_organization' | 'any'
  /** Who may read what was said. */
  readonly bodyReaders: BodyReaders
  readonly createdAt: Date
  /** Of all time, from the ledger. */
  readonly requestCount: number
  readonly requestCount24h: number
  /** Keys that work now. */
  readonly clientKeyCount: number
  readonly accountCount: number
  readonly lastUsedAt: Date | null
}

export const newDomainSchema = z.strictObject({
  domain: domainNameSchema,
  capture: z.enum(['full', 'metadata', 'off']).default('full'),
  isPassThroughAllowed: z.boolean().default(false),
  failover: z.enum(['off', 'same_organization', 'any']).default('same_organization'),
})

export const domainChangeSchema = z.strictObject({
  capture: z.enum(['full', 'metadata', 'off']).optional(),
  isPassThroughAllowed: z.boolean().optional(),
  failover: z.enum(['off', 'same_organization', 'any']).optional(),
  bodyReaders: z.enum(bodyReaders, { error: `is one of ${bodyReaders.join(', ')}` }).optional(),
})

const maxListed = 1_000

/** Every domain by name; `domainId` narrows to one. */
export async function listDomains(domainId?: string): Promise<ListedDomain[]> {
  const { parameters, parameter } = collectParameters([domainId ?? null])
  const lastDay = lastDaySql(parameter)
  const { rows } = await dashboardPool().query<ListedDomain>(
    `SELECT d.id AS "domainId", d.name AS domain, d.capture, d.is_pass_through_allowed AS "isPassThroughAllowed", d.failover,
            d.body_readers AS "bodyReaders",
            d.created_at AS "createdAt", coalesce(u.requests, 0)::float8 AS "requestCount",
            (coalesce(u.requests_24h, 0) + coalesce(cut.requests, 0))::float8 AS "requestCount24h", coalesce(k.active, 0)::int AS "clientKeyCount",
            coalesce(a.accounts, 0)::int AS "accountCount", k.last_used_at AS "lastUsedAt"
     FROM domains d
     LEFT JOIN (
       SELECT domain, sum(requests) AS requests, sum(requests) FILTER (WHERE ${lastDay.ledger}) AS requests_24h
       FROM usage_hours WHERE $1::uuid IS NULL OR domain = (SELECT name FROM domains WHERE id = $1) GROUP BY domain) u
       ON u.domain = d.name
     LEFT JOIN (
       SELECT domain_id, count(*) AS requests FROM api_requests WHERE ${lastDay.cutHour} GROUP BY 1) cut
       ON cut.domain_id = d.id
     LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) AS active,
              max(last_used_at) AS last_used_at
       FROM client_keys WHERE domain_id = d.id) k ON true
     LEFT JOIN LATERAL (
       SELECT count(*) AS accounts FROM account_domains l JOIN accounts ON accounts.id = l.account_uuid
       WHERE l.domain_id = d.id AND deleted_at IS NULL) a ON true
     WHERE $1::uuid IS NULL OR d.id = $1
     ORDER BY d.name LIMIT ${maxListed}`,
    parameters,
  )
  return rows
}

export async function getDomain(domainId: string): Promise<ListedDomain | null> {
  const [domain] = isUuid(domainId) ? await listDomains(domainId) : []
  return domain ?? null
}

export async function requireDomain(domainId: string): Promise<ListedDomain> {
  const domain = await getDomain(domainId)
  if (!domain) throw new AppError('not-found', 'There is no such domain.')
  return domain
}

export async function createDomain(given: z.infer<typeof newDomainSchema>, by: Doer): Promise<ListedDomain> {
  const { domain: name, ...policies } = given
  const id = newId()
  try {
    await prisma().$transaction(async (transaction) => {
      await transaction.domain.create({ data: { id, name, ...policies } })
      await recordAudit(transaction, {
        ...by,
        action: 'domain.create',
        targetType: 'domain',
        targetId: id,
        detail: given,
      })
    })
  } catch (error) {
    if (!isTaken(error)) throw error
    const fields = [{ field: 'domain', message: 'This domain exists already.' }]
    throw new AppError('conflict', `The domain ${name} exists already.`, { details: { fields } })
  }
  expireKnownClients()
  return requireDomain(id)
}

/** The name stays: requests of all time carry it. */
export async function updateDomain(
  domainId: string,
  change: z.infer<typeof domainChangeSchema>,
  by: Doer,
): Promise<ListedDomain> {
  const domain = await requireDomain(domainId)
  await prisma().$transaction(async (transaction) => {
    await transaction.domain.update({ where: { id: domainId }, data: change })
    const before = Object.fromEntries(Object.keys(change).map((name) => [name, domain[name as keyof typeof change]]))
    const detail = { before, after: change }
    await recordAudit(transaction, { ...by, action: 'domain.update', targetType: 'domain', targetId: domainId, detail })
  })
  expireKnownClients()
  return requireDomain(domainId)
}
