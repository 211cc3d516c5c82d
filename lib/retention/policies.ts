import { z } from 'zod'
import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { isUuid } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'

/** How long a domain's record is kept, in days; null = as RETENTION_DAYS says, 0 = for ever. */
export interface RetentionPolicy {
  readonly domainId: string
  readonly domain: string
  readonly bodyDays: number | null
  readonly rowDays: number | null
}

const days = z.number().int().min(0).max(36_500).nullable()
export const policyChangeSchema = z.strictObject({ bodyDays: days.optional(), rowDays: days.optional() })

const columns = { id: true, name: true, bodyDays: true, rowDays: true } as const

export async function listPolicies(): Promise<RetentionPolicy[]> {
  const rows = await prisma().domain.findMany({ select: columns, orderBy: { name: 'asc' } })
  return rows.map(({ id, name, bodyDays, rowDays }) => ({ domainId: id, domain: name, bodyDays, rowDays }))
}

export async function updatePolicy(
  domainId: string,
  change: z.infer<typeof policyChangeSchema>,
  by: Doer,
): Promise<RetentionPolicy> {
  const found = isUuid(domainId) ? await prisma().domain.findUnique({ where: { id: domainId }, select: columns }) : null
  if (!found) throw new AppError('not-found', 'There is no such domain.')
  const { bodyDays, rowDays } = found
  const after = await prisma().$transaction(async (transaction) => {
    const changed = await transaction.domain.update({ where: { id: domainId }, data: change, select: columns })
    const detail = { before: { bodyDays, rowDays }, after: change }
    const target = { targetType: 'domain', targetId: domainId }
    await recordAudit(transaction, { ...by, ...target, action: 'retention.update', detail })
    return changed
  })
  return { domainId, domain: after.name, bodyDays: after.bodyDays, rowDays: after.rowDays }
}
