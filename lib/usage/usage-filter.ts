import { z } from 'zod'
import { choice, idChoice } from '@/lib/choice'
import type { Parameter } from '@/lib/dashboard-query'
import { isUuid } from '@/lib/ids'

/** How usage can be told apart. The query string, the API and the pages use these words. */
export const usageGroups = ['domain', 'accountId', 'clientKeyId', 'model', 'kind'] as const
export type UsageGroup = (typeof usageGroups)[number]

const columnOf: Record<UsageGroup, string> = {
  domain: 'domain',
  accountId: 'account_id',
  clientKeyId: 'client_key_id',
  model: 'model',
  kind: 'kind',
}

/** What stands for "the call had none" in a group or a filter. */
export const none = 'none'
const storedNone: Partial<Record<UsageGroup, string>> = { clientKeyId: '00000000-0000-0000-0000-000000000000' }
const storedNoneOf = (group: UsageGroup) => storedNone[group] ?? ''

/** The filters of usage, as the query string spells them: the same as those of the requests list. */
export const usageFilterSchema = z.object({
  domain: choice.optional(),
  accountId: choice.optional(),
  clientKeyId: idChoice
    .refine((ids) => ids.every((id) => isUuid(id.replace(/^!/, '')) || id.replace(/^!/, '') === none), {
      error: 'is a UUID',
    })
    .optional(),
  model: choice.optional(),
  kind: choice.optional(),
})
export type UsageFilter = z.infer<typeof usageFilterSchema>

/** The filter out of a query that says more. */
export function filterOf(query: UsageFilter): UsageFilter {
  return Object.fromEntries(usageGroups.flatMap((group) => (query[group] ? [[group, query[group]]] : [])))
}

/** The WHERE condition of a filter over ledger columns. */
export function filterSql(filter: UsageFilter, parameter: Parameter): string {
  const conditions = usageGroups.flatMap((group) => {
    const values = filter[group] ?? []
    const isNegated = (value: string) => value.startsWith('!')
    const wanted = values.filter((value) => !isNegated(value)).map((value) => storedValue(group, value))
    const unwanted = values.filter(isNegated).map((value) => storedValue(group, value.slice(1)))
    return [
      ...(wanted.length > 0 ? [`${columnOf[group]} = ANY(${parameter(wanted)}::${typeOf(group)}[])`] : []),
      ...(unwanted.length > 0 ? [`${columnOf[group]} <> ALL(${parameter(unwanted)}::${typeOf(group)}[])`] : []),
    ]
  })
  return conditions.length === 0 ? 'true' : conditions.join(' AND ')
}

/** The column that tells groups apart, as it is stored: converting a name row by row costs more than adding it up. */
export function groupSql(group: UsageGroup | null): string {
  return group === null ? `''` : columnOf[group]
}

/** The name of a stored group; without groups the one there is, `all`. */
export function groupName(group: UsageGroup | null, stored: string): string {
  if (group === null) return 'all'
  return stored === storedNoneOf(group) ? none : stored
}

const storedValue = (group: UsageGroup, value: string) => (value === none ? storedNoneOf(group) : value)
const typeOf = (group: UsageGroup) => (group === 'clientKeyId' ? 'uuid' : 'text')
