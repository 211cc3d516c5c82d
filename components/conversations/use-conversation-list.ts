'use client'

import { useMemo } from 'react'
import type { RowKind } from '@/components/live-list/live-list'
import { useLiveList, type ListSource, type LiveListOptions, type LiveRows } from '@/components/live-list/use-live-list'
import { conversationSorts, type ConversationSort } from '@/lib/conversations/conversation-filter'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import type { ConversationPage } from '@/lib/conversations/list-conversations'

const pageSize = 50
const newestAtOnce = 50
const quickestMs = 3_000

/** What each order of the list goes by, the highest first; the ids decide between equals. */
const valueOf: Record<ConversationSort, (one: ConversationSummary) => number> = {
  recent: ({ lastRequestAt }) => Date.parse(lastRequestAt),
  cost: ({ costUsd }) => Number(costUsd),
  longest: ({ requestCount }) => requestCount,
  errors: ({ errorCount }) => errorCount,
}

/** A conversation goes on while one looks at it: every request of it makes it another. */
function conversationKindOf(sort: ConversationSort): RowKind<ConversationSummary> {
  const value = valueOf[sort]
  return {
    idOf: ({ conversationId }) => conversationId,
    versionOf: ({ requestCount, sideCallCount }) => requestCount + sideCallCount,
    activityOf: ({ lastRequestAt }) => lastRequestAt,
    compare: (a, b) => value(b) - value(a) || (a.conversationId < b.conversationId ? 1 : -1),
    belongs: ({ errorCount }) => sort !== 'errors' || errorCount > 0,
  }
}

/** The conversations of a filter, in one of the orders. */
export function useConversationList(
  query: string,
  options: LiveListOptions<ConversationPage>,
): LiveRows<ConversationSummary> {
  const source = useMemo(() => sourceOf(query), [query])
  return useLiveList(source, options)
}

function sourceOf(query: string): ListSource<ConversationSummary, ConversationPage> {
  const newest = new URLSearchParams(query)
  const sort = conversationSorts.find((one) => one === newest.get('sort')) ?? 'recent'
  newest.delete('sort')
  return {
    query,
    kind: conversationKindOf(sort),
    rowsOf: ({ conversations }) => conversations,
    pathOf: (cursor) =>
      `/api/conversations?${query}&limit=${pageSize}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    newestPathOf: (limit) => `/api/conversations?${newest.toString()}&limit=${limit}`,
    newestAtOnce,
    // Nothing to read again when the conversation with the latest request is as it was.
    newestAtOpen: 1,
    quickestMs,
    activityOfEvent: ({ timestamp }) => timestamp,
  }
}
