'use client'

import { parseAsString, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { filterFields, type FilterField, type FilterValues } from './filter-fields'
import { filterNames, filterQueryOf, pageQueryOf } from './filter-query'

const parsers = Object.fromEntries([...filterNames, 'tz', 'peek'].map((name) => [name, parseAsString]))

export type FilterPatch = Partial<Record<FilterField | 'q' | 'peek' | 'sort', string | null>>

/** The filters of the requests page, all of them in its address. */
export function useRequestFilter() {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const query = useMemo(() => filterQueryOf(state), [state])
  const noFilter = Object.fromEntries(filterFields.map(({ field }) => [field, null]))
  return {
    values: Object.fromEntries(filterFields.map(({ field }) => [field, state[field] ?? undefined])) as FilterValues,
    search: state.q ?? '',
    peek: state.peek?.toLowerCase() ?? null,
    timeZone: state.tz ?? 'UTC',
    /** Another order than by time; null = the newest first. */
    sort: state.sort ?? null,
    /** The list goes on to the present, so new requests belong to it: on top, where it is ordered by time. */
    isOpenEnded: (!state.to || state.to === 'now') && !state.sort,
    /** For the API: filters and period, without what only the page knows. */
    query,
    /** For the addresses of other pages about the same requests. */
    pageQuery: pageQueryOf(state),
    change: (patch: FilterPatch, history: 'push' | 'replace' = 'push') => void setState(patch, { history }),
    clear: () => void setState({ ...noFilter, q: null }),
  }
}
