'use client'

import { createContext, useContext, type ReactNode } from 'react'
import { withoutValue, type FilterField } from './filter-fields'
import { pageQueryOf } from './filter-query'

/** A value of a request that one can filter by. */
export interface FilterValue {
  readonly field: FilterField
  readonly value: string
}

interface Filtered {
  /** The filters that are set, as a query string; links narrow them further. */
  readonly query: string
  /** The page filters itself without being loaded anew; null = links lead to the list. */
  readonly onFilter: ((field: FilterField, given: string) => void) | null
}

const FilteredContext = createContext<Filtered>({ query: '', onFilter: null })

/** Around what shows values to filter by. */
export function FilterLinks({ query, onFilter, children }: Filtered & { children: ReactNode }) {
  return <FilteredContext value={{ query, onFilter }}>{children}</FilteredContext>
}

/** What a `Link` needs. */
interface FilterLink {
  readonly href: string
  readonly onNavigate: (event: { preventDefault: () => void }) => void
}

interface FilterLinksOfValue {
  readonly only: FilterLink
  /** null = the list cannot leave it out. */
  readonly without: FilterLink | null
}

/** Where a value leads: to the requests with it, and to those without it. */
export function useFilterLinks({ field, value }: FilterValue): FilterLinksOfValue {
  const { query, onFilter } = useContext(FilteredContext)
  const set = Object.fromEntries(new URLSearchParams(query || 'from=-7d'))
  const linkTo = (given: string): FilterLink => ({
    href: `/requests?${pageQueryOf({ ...set, [field]: given })}`,
    onNavigate: (event) => {
      if (!onFilter) return
      event.preventDefault()
      onFilter(field, given)
    },
  })
  const without = field === 'conversationId' ? null : linkTo(withoutValue(set[field], value))
  return { only: linkTo(value), without }
}
