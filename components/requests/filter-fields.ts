import type { FilterOptions } from '@/lib/requests/list-filter-options'

/** What one can filter by, in the order of the menu. `null` options = a fixed list. */
export const filterFields = [
  { field: 'status', label: 'Status' },
  { field: 'outcome', label: 'Outcome' },
  { field: 'model', label: 'Model' },
  { field: 'domain', label: 'Domain' },
  { field: 'clientKeyId', label: 'Client key' },
  { field: 'accountId', label: 'Account' },
  { field: 'kind', label: 'Kind' },
  { field: 'errorType', label: 'Error type' },
  { field: 'conversationId', label: 'Conversation' },
] as const

export type FilterField = (typeof filterFields)[number]['field']
export type FilterValues = Readonly<Partial<Record<FilterField, string>>>

export interface Choice {
  readonly value: string
  readonly label: string
  /** null = not counted. */
  readonly requests: number | null
}

const uncounted = (values: readonly (readonly [value: string, label: string])[]): Choice[] =>
  values.map(([value, label]) => ({ value, label, requests: null }))

const fixed: Partial<Record<FilterField, readonly Choice[]>> = {
  status: uncounted([
    ['error', 'any error'],
    ['ok', 'no error'],
    ['2xx', '2xx'],
    ['4xx', '4xx'],
    ['429', '429 rate limited'],
    ['5xx', '5xx'],
    ['529', '529 overloaded'],
  ]),
  outcome: uncounted([
    ['completed', 'completed'],
    ['client_aborted', 'client left'],
    ['upstream_error', 'upstream error'],
    ['timeout', 'timed out'],
    ['interrupted', 'interrupted'],
    ['rejected', 'refused'],
  ]),
}

/** The values a field offers; a field that offers none is set by following links. */
export function choicesOf(field: FilterField, options: FilterOptions): readonly Choice[] {
  return fixed[field] ?? (options as Partial<Record<FilterField, readonly Choice[]>>)[field] ?? []
}

export interface Chip {
  readonly field: FilterField
  readonly label: string
  /** "is", "is not", "is one of" … */
  readonly verb: string
  readonly text: string
}

/** A conversation is no choice of a menu; in a chip it has its title. */
type ChipOptions = FilterOptions & { readonly conversationId?: readonly Choice[] }

/** One chip for each filter that is set. `a,b` = one of these, `!a` = not this. */
export function prepareChips(values: FilterValues, options: ChipOptions): Chip[] {
  return filterFields.flatMap(({ field, label }) => {
    const given = splitValues(values[field])
    if (given.length === 0) return []
    const isNot = given.every((value) => value.startsWith('!'))
    const names = given.map((value) => nameOf(value.replace(/^!/, ''), choicesOf(field, options)))
    const verb = isNot ? 'is not' : given.length > 1 ? 'is one of' : 'is'
    return [{ field, label, verb, text: names.join(', ') }]
  })
}

function nameOf(value: string, choices: readonly Choice[]): string {
  return choices.find((choice) => choice.value === value)?.label ?? value
}

export function splitValues(given: string | undefined): string[] {
  return (given ?? '').split(',').filter(Boolean)
}

/** A filter that also leaves this value out, besides those it leaves out already. */
export function withoutValue(given: string | undefined, value: string): string {
  const left = splitValues(given).filter((one) => one.startsWith('!') && one !== `!${value}`)
  return [...left, `!${value}`].join(',')
}

/** Adds a value to a filter, or takes it out again; null = the filter is empty. */
export function toggleValue(given: string | undefined, value: string): string | null {
  const values = splitValues(given).filter((one) => !one.startsWith('!'))
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  return next.join(',') || null
}
