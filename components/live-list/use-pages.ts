'use client'

import { useMemo } from 'react'
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

export interface PagesOptions<Page> {
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
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<Page, ApiError>(keyOf, fetchJson, {
    fallbackData: drawn,
    revalidateOnMount: !drawn,
    revalidateFirstPage: false,
    revalidateOnFocus: false,
    keepPreviousData: true,
  })
  const pages = useMemo(() => data ?? [], [data])
  return {
    pages,
    error,
    ...phaseOf({ shown: pages.length, wanted: size, isAsking: isValidating, hasFailed: error !== undefined }),
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    loadMore: () => void setSize(Math.min(size, pages.length) + 1),
    reload: () => void mutate(),
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
