'use client'

import { useCallback } from 'react'
import useSWRInfinite from 'swr/infinite'
import { useLiveEvents } from '@/components/requests/use-live-events'
import { useThrottled } from '@/components/requests/use-throttled'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import type { ConversationPage } from '@/lib/conversations/list-conversations'

const pageSize = 50
const quickestMs = 3_000

export interface DrawnPage {
  readonly query: string
  readonly page: ConversationPage
}

/** The conversations of a filter, page by page; read again when something was recorded. */
export function useConversationList(query: string, initial: DrawnPage | null) {
  const keyOf = (index: number, before: ConversationPage | null) => {
    const cursor = before?.pagination.nextCursor
    if (index > 0 && !cursor) return null
    return `/api/conversations?${query}&limit=${pageSize}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`
  }
  const drawn = query === initial?.query ? initial.page : null
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<ConversationPage, ApiError>(
    keyOf,
    fetchJson,
    {
      fallbackData: drawn ? [drawn] : undefined,
      revalidateOnMount: !drawn,
      revalidateOnFocus: false,
      keepPreviousData: true,
    },
  )
  const refreshSoon = useThrottled(
    useCallback(async () => void (await mutate()), [mutate]),
    quickestMs,
  )
  useLiveEvents({ onOpen: refreshSoon, onRequests: refreshSoon })
  const pages = data ?? []
  return {
    conversations: pages.flatMap((page) => page.conversations),
    error,
    isLoading: isValidating && pages.length === 0,
    isLoadingMore: isValidating && size > pages.length,
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    loadMore: () => void setSize(size + 1),
    reload: () => void mutate(),
  }
}
