'use client'

import { useMemo, useRef } from 'react'
import useSWRInfinite from 'swr/infinite'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'

/** What the API answers for a list that is read page by page. */
export interface ListPage {
  readonly pagination: { readonly nextCursor: string | null }
}

/** The first page as the server drew it, for the query it was drawn with. */
export interface DrawnPage<Page> {
  readonly query: string
  readonly page: Page
}

interface PagesOptions<Page> {
  readonly query: string
  /** null = the server drew none. */
  readonly initial: DrawnPage<Page> | null
  /** The address of a page; null = the first. */
  readonly pathOf: (cursor: string | null) => string
}

/** The pages of a list, one after the other; the next one is read by itself. */
export function usePages<Page extends ListPage>({ query, initial, pathOf }: PagesOptions<Page>) {
  const keyOf = (index: number, before: Page | null) => {
    const cursor = before?.pagination.nextCursor ?? null
    return index > 0 && cursor === null ? null : pathOf(cursor)
  }
  const drawn = query === initial?.query ? [initial.page] : undefined
  const unread = useRef(initial)
  const readPage = (path: string) => {
    const first = unread.current
    unread.current = null
    // What the server drew is in no cache yet: the first page would be asked for with the second.
    return first?.query === query && path === pathOf(null) ? first.page : fetchJson<Page>(path)
  }
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<Page, ApiError>(keyOf, readPage, {
    fallbackData: drawn,
    revalidateOnMount: !drawn,
    revalidateFirstPage: false,
    revalidateOnFocus: false,
    keepPreviousData: true,
  })
  const pages = useMemo(() => data ?? [], [data])
  const phase = phaseOf({ shown: pages.length, wanted: size, isAsking: isValidating, hasFailed: error !== undefined })
  return {
    pages,
    error,
    ...phase,
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    loadMore: () => {
      if (!phase.isLoadingMore) void setSize(Math.min(size, pages.length) + 1)
    },
    reload: () => {
      unread.current = null
      void mutate()
    },
  }
}

interface PagesState {
  readonly shown: number
  readonly wanted: number
  readonly isAsking: boolean
  readonly hasFailed: boolean
}

function phaseOf({ shown, wanted, isAsking, hasFailed }: PagesState) {
  const isNextWanted = shown > 0 && wanted > shown
  return {
    isLoading: isAsking && shown === 0,
    isRefreshing: isAsking && shown > 0 && !isNextWanted,
    isLoadingMore: isAsking && isNextWanted,
    hasNextFailed: hasFailed && isNextWanted,
  }
}
