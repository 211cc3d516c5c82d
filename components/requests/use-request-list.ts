'use client'

import { useCallback, useEffect, useReducer, useRef } from 'react'
import useSWRInfinite from 'swr/infinite'
import { fetchJson } from '@/components/shell/fetcher'
import type { RequestPage } from '@/lib/requests/list-requests'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { changeLiveList, emptyLiveList, findNews, liveListOf, mergeRequests, type LiveList } from './live-list'
import { useLiveEvents, type Connection } from './use-live-events'
import { useThrottled } from './use-throttled'

const pageSize = 100
const newestAtOnce = 200
const quickestMs = 1_000

export interface RequestListOptions {
  /** Filters and period, as a query string. */
  readonly query: string
  /** The first page as the server drew it, for the query it was drawn with; null = it drew none. */
  readonly initial: { readonly query: string; readonly page: RequestPage } | null
  readonly isLive: boolean
}

export interface RequestList {
  readonly requests: readonly RequestSummary[]
  /** Those that came while the page was open. */
  readonly newIds: ReadonlySet<string>
  readonly waiting: number
  readonly showWaiting: () => void
  /** Nothing may move while it is held. */
  readonly hold: (isHeld: boolean) => void
  readonly connection: Connection
  readonly error: Error | undefined
  readonly isLoading: boolean
  readonly isLoadingMore: boolean
  readonly nextCursor: string | null
  readonly loadMore: () => void
  readonly reload: () => void
}

/** The requests of a filter, page by page, with new ones as they are recorded. */
export function useRequestList({ query, initial, isLive }: RequestListOptions): RequestList {
  const pages = usePages(query, initial)
  const { shown, ...live } = useNews({ query, isLive, pages })
  return { ...pages, ...live, requests: mergeRequests(shown, pages.requests) }
}

function usePages(query: string, initial: RequestListOptions['initial']) {
  const keyOf = (index: number, before: RequestPage | null) => {
    const cursor = before?.pagination.nextCursor
    if (index > 0 && !cursor) return null
    return `/api/requests?${query}&limit=${pageSize}${index > 0 ? `&cursor=${cursor}` : ''}`
  }
  const drawn = query === initial?.query ? initial.page : null
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<RequestPage, Error>(keyOf, fetchJson, {
    fallbackData: drawn ? [drawn] : undefined,
    revalidateOnMount: !drawn,
    revalidateFirstPage: false,
    revalidateOnFocus: false,
    keepPreviousData: true,
  })
  const pages = data ?? []
  return {
    requests: pages.flatMap((page) => page.requests),
    error,
    isLoading: isValidating && pages.length === 0,
    isLoadingMore: isValidating && size > pages.length,
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    loadMore: () => void setSize(size + 1),
    reload: () => void mutate(),
  }
}

interface NewsOptions {
  readonly query: string
  readonly isLive: boolean
  readonly pages: Pick<RequestList, 'requests' | 'nextCursor' | 'reload'>
}

/**
 * What was recorded since the list was read. An event only says that there is something: the API is asked, so that
 * every filter holds for new requests as it does for old ones.
 */
function useNews({ query, isLive, pages }: NewsOptions) {
  const [state, change] = useReducer(changeLiveList, emptyLiveList)
  const list = liveListOf(state, query)
  const latest = useRef({ query, list, pages })
  const recordedIds = useRef<string[]>([])
  useEffect(() => {
    latest.current = { query, list, pages }
  })
  const ask = useCallback(async () => {
    const asked = latest.current
    const known = { ...knownOf(asked), recordedIds: recordedIds.current.splice(0) }
    const page = await fetchJson<RequestPage>(`/api/requests?${asked.query}&limit=${newestAtOnce}`).catch(() => null)
    if (!page || latest.current.query !== asked.query) return
    const news = findNews(page.requests, known)
    if (news === 'gap') asked.pages.reload()
    else if (news.length > 0) change({ kind: 'recorded', query: asked.query, requests: news })
  }, [])
  const askSoon = useThrottled(ask, quickestMs)
  const onRequests = (requests: readonly RequestSummary[]) => {
    recordedIds.current.push(...requests.map(({ requestId }) => requestId))
    askSoon()
  }
  const connection = useLiveEvents({ onOpen: askSoon, onRequests }, isLive)
  const shown = list.news.slice(list.waiting)
  return {
    connection,
    shown,
    newIds: new Set(shown.map(({ requestId }) => requestId)),
    waiting: list.waiting,
    showWaiting: () => change({ kind: 'show' }),
    hold: useCallback((isHeld: boolean) => change({ kind: 'hold', isHeld }), []),
  }
}

function knownOf({ list, pages }: { list: LiveList; pages: NewsOptions['pages'] }) {
  const ids = new Set([...list.news, ...pages.requests].map(({ requestId }) => requestId))
  const listedFromId = pages.nextCursor === null ? '' : (pages.requests.at(-1)?.requestId ?? '')
  return { ids, listedFromId, limit: newestAtOnce }
}
