import { z } from 'zod'
import { queryRows } from '@/lib/dashboard-query'
import { prisma } from '@/lib/prisma'
import { AppError, invalidField } from '@/lib/errors'
import { isUuid, newId, plainId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import { reloadLimits } from './check-limits'
import { limitMetrics, limitScopes, spendPeriodOf, type Limit, type LimitScope } from './limit-kinds'
import type { Doer } from '@/lib/users/doer'

export interface ListedLimit extends Limit {
  /** Name of the domain, key or account; null = it is gone. */
  readonly name: string | null
  readonly createdBy: string
  readonly createdAt: Date
}

export const limitListSchema = z.object({
  scope: z.enum(limitScopes, { error: `is one of ${limitScopes.join(', ')}` }).optional(),
  scopeId: z.string().max(200).transform(plainId).optional(),
})

export const newLimitSchema = z
  .strictObject({
    scope: z.enum(limitScopes, { error: `is one of ${limitScopes.join(', ')}` }),
    scopeId: z.string().max(200).default(''),
    metric: z.enum(limitMetrics, { error: `is one of ${limitMetrics.join(', ')}` }),
    /** Requests, tokens, or micro-dollars. */
    amount: z
      .number({ error: 'is a number' })
      .int({ error: 'is a whole number' })
      .min(1, { error: 'is more than 0' })
      .max(1e15),
    isEnforced: z.boolean().default(true),
  })
  .refine(({ metric, isEnforced }) => isEnforced || spendPeriodOf(metric) !== null, {
    error: 'only spend can have a budget that is not enforced',
    path: ['isEnforced'],
  })
type NewLimit = z.infer<typeof newLimitSchema>

/** Limits and budgets, those of everybody first. */
export async function listLimits({ scope, scopeId }: z.infer<typeof limitListSchema> = {}): Promise<ListedLimit[]> {
  return queryRows<ListedLimit>(
    `SELECT l.id, l.scope, l.scope_id AS "scopeId", l.metric, l.amount::float8 AS amount, l.is_enforced AS "isEnforced",
       l.created_by AS "createdBy", l.created_at AS "createdAt",
       CASE l.scope WHEN 'all' THEN 'everybody' WHEN 'domain' THEN d.name WHEN 'client_key' THEN k.name ELSE a.name END AS name
     FROM limits l
     LEFT JOIN domains d ON l.scope = 'domain' AND d.id::text = l.scope_id
     LEFT JOIN LATERAL (
       SELECT name FROM client_keys
       WHERE CASE l.scope WHEN 'client_key' THEN l.scope_id::uuid END IN (id, first_key_id)
       ORDER BY id DESC LIMIT 1) k ON true
     LEFT JOIN accounts a ON l.scope = 'account' AND a.account_id = l.scope_id
     WHERE ($1::text IS NULL OR l.scope = $1) AND ($2::text IS NULL OR l.scope_id = $2)
     ORDER BY array_position(ARRAY['all', 'domain', 'account', 'client_key'], l.scope), name, l.metric, l.is_enforced DESC`,
    [scope ?? null, scopeId === undefined ? null : await limitedIdOf({ scope, scopeId })],
  )
}

/** What the limits of a subject stand under: those of a client key under the first of its line of rotations. */
export async function limitedIdOf({ scope, scopeId }: { scope?: LimitScope; scopeId: string }): Promise<string> {
  if ((scope !== undefined && scope !== 'client_key') || !isUuid(scopeId)) return scopeId
  const lineSql = 'SELECT first_key_id AS "firstKeyId" FROM client_keys WHERE id = $1'
  const [key] = await queryRows<{ firstKeyId: string | null }>(lineSql, [scopeId])
  return key?.firstKeyId ?? scopeId
}

/** Sets a limit; one of the same kind for the same subject is replaced. */
export async function setLimit(given: NewLimit, by: Doer): Promise<ListedLimit> {
  await requireSubject(given)
  const { scope, metric, amount, isEnforced } = given
  const scopeId = await limitedIdOf(given)
  const key = { scope, scopeId, metric, isEnforced }
  const values = { amount: BigInt(amount), createdBy: by.actor.name }
  const id = await prisma().$transaction(async (tx) => {
    const where = { scope_scopeId_metric_isEnforced: key }
    const before = await tx.limit.findUnique({ where })
    const { id } = await tx.limit.upsert({ where, create: { id: newId(), ...key, ...values }, update: values })
    const detail = { ...key, amount, before: before && Number(before.amount) }
    await recordAudit(tx, { ...by, action: 'limit.set', targetType: scope, targetId: scopeId || scope, detail })
    return id
  })
  await reloadLimits()
  return (await listLimits({ scope, scopeId })).find((limit) => limit.id === id) as ListedLimit
}

export async function deleteLimit(id: string, by: Doer): Promise<void> {
  const limit = await requireLimit(id)
  await prisma().$transaction(async (tx) => {
    await tx.limit.delete({ where: { id } })
    const { scope, scopeId, metric, isEnforced } = limit
    const detail = { scope, scopeId, metric, isEnforced, amount: Number(limit.amount) }
    await recordAudit(tx, { ...by, action: 'limit.delete', targetType: scope, targetId: scopeId || scope, detail })
  })
  await reloadLimits()
}

export async function requireLimit(id: string) {
  const limit = isUuid(id) ? await prisma().limit.findUnique({ where: { id } }) : null
  if (!limit) throw new AppError('not-found', 'There is no such limit.')
  return limit
}

const subjectQueries: Record<Exclude<LimitScope, 'all'>, string> = {
  domain: 'SELECT FROM domains WHERE id::text = $1',
  client_key: 'SELECT FROM client_keys WHERE $1 IN (id::text, first_key_id::text) AND revoked_at IS NULL',
  account: 'SELECT FROM accounts WHERE account_id = $1 AND deleted_at IS NULL',
}

async function requireSubject({ scope, scopeId }: Pick<NewLimit, 'scope' | 'scopeId'>): Promise<void> {
  const isKnown = scope === 'all' ? scopeId === '' : (await queryRows(subjectQueries[scope], [scopeId])).length > 0
  if (isKnown) return
  throw invalidField(
    'scopeId',
    scope === 'all' ? 'is empty for the limit of everybody' : `names no ${scope.replace('_', ' ')} in use`,
  )
}
