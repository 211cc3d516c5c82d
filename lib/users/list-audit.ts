import { z } from 'zod'
import { collectParameters, queryRows, type Parameter } from '@/lib/dashboard-query'
import { plainId } from '@/lib/ids'
import { instantSchema } from '@/lib/time-range'

const text = z.string().trim().max(200, { error: 'has at most 200 characters' })

/** The filters of the audit log, as the query string spells them. */
export const auditFilterSchema = z.object({
  /** A whole action, or all of a noun: `user.` */
  action: text.optional(),
  /** Part of a name. */
  actor: text.optional(),
  targetType: text.optional(),
  targetId: text.transform(plainId).optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

const auditPageSchema = z.object({
  limit: z.coerce.number({ error: 'is a whole number from 1 to 200' }).int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, { error: 'is the nextCursor of the page before' })
    .optional(),
})
type AuditPage = z.infer<typeof auditPageSchema>
export const auditListSchema = auditFilterSchema.extend(auditPageSchema.shape)

export interface ListedAuditEvent {
  readonly sequence: string
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  readonly address: string | null
  /** JSON text, secrets masked. */
  readonly detail: string
}

const columns =
  'sequence::text, id, at, actor, action, target_type AS "targetType", target_id AS "targetId", address, detail'

/** Newest first. */
export async function listAuditEvents(filter: AuditFilter, { limit, cursor }: AuditPage) {
  const { parameters, parameter } = collectParameters()
  const conditions = filterConditions(filter, parameter)
  if (cursor) conditions.push(`audit_events.sequence < ${parameter(cursor)}::bigint`)
  const rows = await queryRows<ListedAuditEvent>(
    `SELECT ${columns} FROM audit_events WHERE ${conditions.join(' AND ') || 'true'}
     ORDER BY audit_events.sequence DESC LIMIT ${parameter(limit + 1)}`,
    parameters,
  )
  const events = rows.slice(0, limit)
  const nextCursor = rows.length > limit ? (events.at(-1)?.sequence ?? null) : null
  return { events, pagination: { limit, nextCursor } }
}

/** The actions that were ever written down, for the filter. */
export async function listAuditActions(): Promise<string[]> {
  const rows = await queryRows<{ action: string }>('SELECT DISTINCT action FROM audit_events ORDER BY action LIMIT 200')
  return rows.map(({ action }) => action)
}

const pageSize = 1_000
/** An export has an end: narrow the filter to get older entries. */
const mostExported = 100_000

/** All of a filter, newest first, a page at a time. */
export async function* readAuditEvents(filter: AuditFilter): AsyncGenerator<readonly ListedAuditEvent[]> {
  let cursor: string | undefined
  for (let read = 0; read < mostExported; read += pageSize) {
    const { events, pagination } = await listAuditEvents(filter, { limit: pageSize, cursor })
    if (events.length > 0) yield events
    if (!pagination.nextCursor) return
    cursor = pagination.nextCursor
  }
}

function filterConditions(filter: AuditFilter, parameter: Parameter): string[] {
  const { action, actor, targetType, targetId, from, to } = filter
  return [
    ...(action ? [actionCondition(action, parameter)] : []),
    ...(actor ? [`strpos(lower(actor), lower(${parameter(actor)})) > 0`] : []),
    ...(targetType ? [`target_type = ${parameter(targetType)}`] : []),
    ...(targetId ? [`target_id = ${parameter(targetId)}`] : []),
    ...(from ? [`at >= ${parameter(from)}`] : []),
    ...(to ? [`at < ${parameter(to)}`] : []),
  ]
}

function actionCondition(action: string, parameter: Parameter): string {
  return action.endsWith('.') ? `starts_with(action, ${parameter(action)})` : `action = ${parameter(action)}`
}
