'use client'

import { useMemo } from 'react'
import type { RowKind } from '@/components/live-list/live-list'
import { useLiveList, type ListSource, type LiveListOptions, type LiveRows } from '@/components/live-list/use-live-list'
import type { Titled } from '@/lib/conversations/load-titles'
import type { RequestPage } from '@/lib/requests/list-requests'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { withLatestTitles } from './latest-titles'

const pageSize = 100
const newestAtOnce = 200
const quickestMs = 1_000

/** A request as the list shows it. */
export type ListedRequest = Titled<RequestSummary>
export type ListedPage = RequestPage & { readonly requests: readonly ListedRequest[] }
type RequestList = LiveRows<ListedRequest>

/** Recorded, a request changes no more, but for the title of its conversation; its id says when it began. */
const requestKind: RowKind<ListedRequest> = {
  idOf: ({ requestId }) => requestId,
  versionOf: () => 0,
  activityOf: ({ requestId }) => requestId,
  compare: (a, b) => (a.requestId < b.requestId ? 1 : -1),
  belongs: () => true,
}

/** Of another order the server alone knows how: it stays as it came. */
const orderedKind: RowKind<ListedRequest> = { ...requestKind, compare: () => 0 }

/** The requests of a filter, newest first or in the order it names. */
export function useRequestList({ query, ...options }: LiveListOptions<ListedPage> & { query: string }): RequestList {
  const source = useMemo(() => sourceOf(query), [query])
  const list = useLiveList(source, options)
  const rows = useMemo(() => withLatestTitles(list.rows), [list.rows])
  return { ...list, rows }
}

function sourceOf(query: string): ListSource<ListedRequest, ListedPage> {
  const pathOf = (limit: number) => `/api/requests?${query}&limit=${limit}`
  return {
    query,
    kind: new URLSearchParams(query).has('sort') ? orderedKind : requestKind,
    rowsOf: ({ requests }) => requests,
    pathOf: (cursor) => pathOf(pageSize) + (cursor === null ? '' : `&cursor=${cursor}`),
    newestPathOf: pathOf,
    newestAtOnce,
    // All of them: one that was long on its way is recorded behind newer ones.
    newestAtOpen: newestAtOnce,
    quickestMs,
    activityOfEvent: ({ requestId }) => requestId,
  }
}
