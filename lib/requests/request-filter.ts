import { z } from 'zod'
import { choice, idChoice } from '@/lib/choice'
import type { Parameter } from '@/lib/dashboard-query'
import { firstIdAt, isUuid } from '@/lib/ids'
import type { Outcome } from '@/lib/proxy/ports'
import { instantSchema } from '@/lib/time-range'

const uuid = z.string().toLowerCase().refine(isUuid, { error: 'is a UUID' })

const statusChoice = choice
  .refine((values) => values.every((value) => /^!?([1-5]\d\d|[1-5]xx|error|ok)$/.test(value)), {
    error: 'is a status such as 200, a class such as 4xx, error or ok',
  })
  .describe('`200`, `4xx`, `error` or `ok`; several with commas between, `!` for all others')

const outcomes: Readonly<Record<Outcome, true>> = {
  completed: true,
  client_aborted: true,
  upstream_error: true,
  timeout: true,
  interrupted: true,
  rejected: true,
}
const outcomeNames = Object.keys(outcomes).join(', ')
const outcomeChoice = choice
  .refine((values) => values.every((value) => Object.hasOwn(outcomes, value.replace(/^!/, ''))), {
    error: `is one of ${outcomeNames}`,
  })
  .describe(`${outcomeNames}; several with commas between, \`!\` for all others`)

/** The filters of the requests list, as the query string spells them. */
export const requestFilterSchema = z.object({
  domain: choice.optional(),
  accountId: choice.optional(),
  clientKeyId: idChoice
    .refine((ids) => ids.every((id) => isUuid(id.replace(/^!/, ''))), { error: 'is a UUID' })
    .optional(),
  model: choice.optional(),
  outcome: outcomeChoice.optional(),
  kind: choice.optional(),
  status: statusChoice.optional(),
  errorType: choice.optional(),
  conversationId: uuid.optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  q: z
    .string()
    .trim()
    .min(3, { error: 'has 3 characters or more' })
    .max(200, { error: 'has at most 200 characters' })
    .optional(),
})

export type RequestFilter = z.infer<typeof requestFilterSchema>

/** The orders of the list, each with the most first; without one it is by time. */
const requestSorts = ['cost', 'tokens', 'duration'] as const
export type RequestSort = (typeof requestSorts)[number]

/** Requests that a text search, or another order than by time, looks at for one page: it can use no index. */
export const mostSearched = 200_000

/** What the list is asked for: its filters and its order. */
export const requestListSchema = requestFilterSchema.extend({
  sort: z
    .enum(requestSorts, { error: `is one of ${requestSorts.join(', ')}` })
    .optional()
    .describe(`the most first, one page of the newest ${mostSearched}; by time without it`),
})
export type RequestListQuery = z.infer<typeof requestListSchema>

const columnOf = {
  accountId: 'r.account_id',
  clientKeyId: 'r.client_key_id::text',
  model: 'r.model',
  outcome: 'r.outcome',
  kind: 'r.kind',
  errorType: 'r.error_type',
} as const

/** What counts as an error everywhere on the dashboard: a failed call, but not a client that went away. */
export const isErrorSql = "(r.status >= 400 OR r.outcome NOT IN ('completed', 'client_aborted'))"

/** Always written in lower case. */
const lowerCaseColumns = ['r.request_id::text', 'r.model', 'r.path', 'r.session_id', 'r.error_type']
/** Ids of the upstream: upper and lower case differ in meaning. */
const exactColumns = ['r.upstream_request_id', 'r.message_id']

/** Pure: the WHERE clause (alias `r`) and its parameters. Every value is a parameter; columns are from the tables above. */
export function buildRequestWhere(filter: RequestFilter): { sql: string; parameters: unknown[] } {
  const parameters: unknown[] = []
  const parameter = (value: unknown) => `$${parameters.push(value)}`
  const conditions: string[] = []
  // Bounds on the partition key let Postgres skip whole weeks.
  if (filter.from) conditions.push(`r.request_id >= ${parameter(firstIdAt(filter.from))}`)
  if (filter.to) conditions.push(`r.request_id < ${parameter(firstIdAt(filter.to))}`)
  if (filter.conversationId) conditions.push(`r.conversation_id = ${parameter(filter.conversationId)}`)
  conditions.push(...domainConditions(filter.domain ?? [], parameter))
  for (const [name, column] of Object.entries(columnOf)) {
    conditions.push(...choiceConditions(column, filter[name as keyof typeof columnOf] ?? [], parameter))
  }
  conditions.push(...statusConditions(filter.status ?? [], parameter))
  if (filter.q) conditions.push(searchCondition(filter.q, parameter))
  return { sql: conditions.length > 0 ? conditions.join(' AND ') : 'true', parameters }
}

function choiceConditions(column: string, values: readonly string[], parameter: Parameter): string[] {
  const { wanted, unwanted } = sides(values)
  return [
    ...(wanted.length > 0 ? [`${column} = ANY(${parameter(wanted)}::text[])`] : []),
    ...(unwanted.length > 0 ? [`coalesce(${column}, '') <> ALL(${parameter(unwanted)}::text[])`] : []),
  ]
}

/** A stranger belongs to no domain, whatever host it named: so do the figures count. */
function domainConditions(values: readonly string[], parameter: Parameter): string[] {
  const { wanted, unwanted } = sides(values)
  return [
    ...(wanted.length > 0 ? [`r.domain = ANY(${parameter(wanted)}::text[]) AND r.domain_id IS NOT NULL`] : []),
    ...(unwanted.length > 0 ? [`(r.domain <> ALL(${parameter(unwanted)}::text[]) OR r.domain_id IS NULL)`] : []),
  ]
}

/** `!name` = all others. */
function sides(values: readonly string[]): { wanted: readonly string[]; unwanted: readonly string[] } {
  const [wanted, unwanted] = [false, true].map((isNot) => values.filter((value) => value.startsWith('!') === isNot))
  return { wanted: wanted ?? [], unwanted: (unwanted ?? []).map((value) => value.slice(1)) }
}

function statusConditions(values: readonly string[], parameter: Parameter): string[] {
  const { wanted, unwanted } = sides(values)
  const any = wanted.map((value) => statusCondition(value, parameter)).join(' OR ')
  return [
    ...(any ? [`(${any})`] : []),
    ...unwanted.map((value) => `coalesce(NOT ${statusCondition(value, parameter)}, true)`),
  ]
}

function statusCondition(value: string, parameter: Parameter): string {
  if (value === 'error') return isErrorSql
  if (value === 'ok') return `coalesce(NOT ${isErrorSql}, true)`
  if (!value.endsWith('xx')) return `(r.status = ${parameter(Number(value))})`
  const first = Number(value[0]) * 100
  return `(r.status BETWEEN ${parameter(first)} AND ${parameter(first + 99)})`
}

function searchCondition(text: string, parameter: Parameter): string {
  const wanted = text.toLowerCase()
  if (isUuid(wanted)) {
    const id = parameter(wanted)
    return `(r.request_id = ${id}::uuid OR r.conversation_id = ${id}::uuid OR r.session_id = ${id}::uuid::text)`
  }
  const [exact, lower] = [parameter(patternOf(text)), parameter(patternOf(wanted))]
  const conditions = [
    ...lowerCaseColumns.map((column) => `${column} LIKE ${lower}`),
    ...exactColumns.map((column) => `${column} LIKE ${exact}`),
    // Folding case costs several times the rest, so it is done for the one column that needs it.
    `r.user_agent ILIKE ${exact}`,
  ]
  return `(${conditions.join(' OR ')})`
}

const patternOf = (text: string) => `%${escapeLike(text)}%`

/** Makes `%`, `_` and the escape character itself mean themselves. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
