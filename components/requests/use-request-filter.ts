'use client'

import { parseAsString, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import type { FilterField, FilterValues } from './filter-fields'

const parsers = {
  from: parseAsString,
  to: parseAsString,
  tz: parseAsString,
  q: parseAsString,
  status: parseAsString,
  outcome: parseAsString,
  model: parseAsString,
  domain: parseAsString,
  clientKeyId: parseAsString,
  accountId: parseAsString,
  kind: parseAsString,
  errorType: parseAsString,
  conversationId: parseAsString,
  peek: parseAsString,
}

export type FilterPatch = Partial<Record<FilterField | 'q' | 'peek', string | null>>

/** The filters of the requests page, all of them in its address. */
export function useRequestFilter() {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const { from, to, tz, q, peek, ...given } = state
  const values = given as FilterValues
  const query = useMemo(() => queryOf(state), [state])
  return {
    values,
    search: q ?? '',
    peek,
    timeZone: tz ?? 'UTC',
    /** The list goes on to the present, so new requests belong to it. */
    isOpenEnded: to === null || to === 'now',
    range: { from, to },
    /** For the API: filters and period, without what only the page knows. */
    query,
    change: (patch: FilterPatch, history: 'push' | 'replace' = 'push') => void setState(patch, { history }),
    clear: () => void setState({ ...Object.fromEntries(Object.keys(given).map((field) => [field, null])), q: null }),
  }
}

function queryOf({ tz: _tz, peek: _peek, ...state }: Record<string, string | null>): string {
  const given = Object.entries(state).filter((entry): entry is [string, string] => Boolean(entry[1]))
  // The API knows no default period; the page shows the last 24 hours.
  if (!state.from) given.push(['from', '-24h'])
  return new URLSearchParams(given).toString()
}
