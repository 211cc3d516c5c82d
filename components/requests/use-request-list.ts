'use client'

import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import useSWRInfinite from 'swr/infinite'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
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
  readonly error: ApiError | undefined
  readonly isLoading: boolean
  /** What is shown is of the filter before, or is being read again. */
  readonly isRefreshing: boolean
  readonly isLoadingMore: boolean
  /** The newest requests are here; only the next page did not come. */
  readonly hasNextFailed: boolean
  readonly nextCursor: string | null
  readonly loadMore: () => void
  readonly reload: () => void
}

/** The requests of a filter, page by page, with new ones as they are recorded. */
export function useRequestList({ query, initial, isLive }: RequestListOptions): RequestList {
  const pages = usePages(query, initial)
  const { shown, ...live } = useNews({ query, isLive, pages })
  const requests = useMemo(() => mergeRequests(shown, pages.requests), [shown, pages.requests])
  return { ...pages, ...live, requests }
}

function usePages(query: string, initial: RequestListOptions['initial']) {
  const keyOf = (index: number, before: RequestPage | null) => {
    const cursor = before?.pagination.nextCursor
    if (index > 0 && !cursor) return null
    return `/api/requests?${query}&limit=${pageSize}${index > 0 ? `&cursor=${cursor}` : ''}`
  }
  const drawn = query === initial?.query ? [initial.page] : undefined
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<RequestPage, ApiError>(keyOf, fetchJson, {
    fallbackData: drawn,
    revalidateOnMount: !drawn,
    revalidateFirstPage: false,
    revalidateOnFocus: false,
    keepPreviousData: true,
  })
  const pages = data ?? noPages
  const requests = useMemo(() => pages.flatMap((page) => page.requests), [pages])
  return {
    requests,
    error,
    ...phaseOf({ shown: pages.length, wanted: size, isAsking: isValidating, hasFailed: error !== undefined }),
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    loadMore: () => void setSize(Math.min(size, pages.length) + 1),
    reload: () => void mutate(),
  }
}

const noPages: readonly RequestPage[] = []

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
  const { news, waiting } = list
  const shown = useMemo(() => news.slice(waiting), [news, waiting])
  const newIds = useMemo(() => new Set(shown.map(({ requestId }) => requestId)), [shown])
  return {
    connection,
    shown,
    newIds,
    waiting,
    showWaiting: () => change({ kind: 'show' }),
    hold: useCallback((isHeld: boolean) => change({ kind: 'hold', isHeld }), []),
  }
}

function knownOf({ list, pages }: { list: LiveList; pages: NewsOptions['pages'] }) {
  const ids = new Set([...list.news, ...pages.requests].map(({ requestId }) => requestId))
  const listedFromId = pages.nextCursor === null ? '' : (pages.requests.at(-1)?.requestId ?? '')
  return { ids, listedFromId, limit: newestAtOnce }
}
