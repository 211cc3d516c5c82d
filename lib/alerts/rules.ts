import { z } from 'zod'
import { labelSchema } from '@/lib/clients/change'
import type { Doer } from '@/lib/users/doer'
import { prisma } from '@/lib/prisma'
import { AppError, invalidField } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import { alertMetrics, isAlertMetric, type AlertMetric } from './alert-metrics'

export interface AlertRule {
  readonly ruleId: string
  readonly name: string
  readonly metric: AlertMetric
  readonly threshold: number
  readonly repeatMinutes: number
  readonly channelIds: readonly string[]
  readonly isEnabled: boolean
  /** null = all is well. */
  readonly firingSince: Date | null
  readonly notifiedAt: Date | null
  readonly lastValue: number | null
  readonly lastSubject: string | null
  readonly checkedAt: Date | null
  readonly createdBy: string
  readonly createdAt: Date
}

const fields = {
  name: labelSchema.min(1, { error: 'Enter a name.' }),
  threshold: z.number({ error: 'Enter a number.' }).min(0, { error: 'Enter 0 or more.' }).max(1e9),
  repeatMinutes: z.number().int().min(5, { error: 'is 5 minutes or more' }).max(43_200),
  channelIds: z.array(z.uuid()).max(20),
  isEnabled: z.boolean(),
}

export const newRuleSchema = z.strictObject({
  name: fields.name,
  metric: z.enum(alertMetrics, { error: `is one of ${alertMetrics.join(', ')}` }),
  threshold: fields.threshold,
  repeatMinutes: fields.repeatMinutes.default(240),
  channelIds: fields.channelIds.default([]),
  isEnabled: fields.isEnabled.default(true),
})
type NewRule = z.infer<typeof newRuleSchema>
/** Of the fields without their defaults: what a change leaves out stays. */
export const ruleChangeSchema = z.strictObject(fields).partial()

/** What firing rules come first for. */
const order = [{ firingSince: { sort: 'desc', nulls: 'last' } }, { name: 'asc' }] as const

export async function listRules(): Promise<AlertRule[]> {
  const rows = await prisma().alertRule.findMany({ orderBy: [...order], take: 500 })
  return rows.flatMap(({ id, metric, ...rest }) => (isAlertMetric(metric) ? [{ ruleId: id, metric, ...rest }] : []))
}

export async function createRule(given: NewRule, by: Doer): Promise<AlertRule> {
  await requireChannels(given.channelIds)
  const id = newId()
  await prisma().$transaction(async (tx) => {
    await tx.alertRule.create({ data: { id, ...given, createdBy: by.actor.name } })
    await recordAudit(tx, { ...by, action: 'alert-rule.create', targetType: 'alert-rule', targetId: id, detail: given })
  })
  return requireRule(id)
}

/** A rule with another threshold, or switched off, begins anew: it is not firing until it is looked at again. */
export async function updateRule(id: string, changes: z.infer<typeof ruleChangeSchema>, by: Doer): Promise<AlertRule> {
  await requireRule(id)
  await requireChannels(changes.channelIds ?? [])
  const isAnew = changes.threshold !== undefined || changes.isEnabled !== undefined
  await prisma().$transaction(async (tx) => {
    await tx.alertRule.update({
      where: { id },
      data: { ...changes, ...(isAnew && { firingSince: null, notifiedAt: null }) },
    })
    await recordAudit(tx, {
      ...by,
      action: 'alert-rule.update',
      targetType: 'alert-rule',
      targetId: id,
      detail: changes,
    })
  })
  return requireRule(id)
}

export async function deleteRule(id: string, by: Doer): Promise<void> {
  const { name, metric, threshold: bound } = await requireRule(id)
  await prisma().$transaction(async (tx) => {
    await tx.alertRule.delete({ where: { id } })
    const detail = { name, metric, threshold: bound }
    await recordAudit(tx, { ...by, action: 'alert-rule.delete', targetType: 'alert-rule', targetId: id, detail })
  })
}

async function requireRule(id: string): Promise<AlertRule> {
  const rule = isUuid(id) ? (await listRules()).find(({ ruleId }) => ruleId === id) : undefined
  if (!rule) throw new AppError('not-found', 'There is no such rule.')
  return rule
}

async function requireChannels(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const known = await prisma().alertChannel.count({ where: { id: { in: [...ids] } } })
  if (known === new Set(ids).size) return
  throw invalidField('channelIds', 'names a channel that does not exist')
}
