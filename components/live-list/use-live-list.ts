'use client'

import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { changeLiveList, emptyLiveList, findNews, latestById, liveListOf, mergeRows } from './live-list'
import type { LiveChange, LiveList, RowKind } from './live-list'
import { useLiveEvents, type Connection } from './use-live-events'
import { usePages, type DrawnPage, type ListPage } from './use-pages'
import { useThrottled } from './use-throttled'

/** Where the rows of a list come from. The same object as long as the query is the same. */
export interface ListSource<Row, Page extends ListPage> {
  /** Filters, period and order, as a query string. */
  readonly query: string
  readonly kind: RowKind<Row>
  readonly rowsOf: (page: Page) => readonly Row[]
  /** The address of a page; null = the first. */
  readonly pathOf: (cursor: string | null) => string
  /** The rows of the filter to which something happened last, as many as this. */
  readonly newestPathOf: (limit: number) => string
  readonly newestAtOnce: number
  /** How many are looked at when the connection stands: what was recorded before that was not told. */
  readonly newestAtOpen: number
  readonly quickestMs: number
  /** What the event of a request says of a row, as `activityOf` says it. */
  readonly activityOfEvent: (request: RequestSummary) => string
}

export interface LiveListOptions<Page> {
  /** The first page as the server drew it; null = it drew none. */
  readonly initial: DrawnPage<Page> | null
  readonly isLive: boolean
}

export interface LiveRows<Row> {
  readonly rows: readonly Row[]
  /** Those that came or changed while the page was open. */
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
  /** The newest rows are here; only the next page did not come. */
  readonly hasNextFailed: boolean
  readonly nextCursor: string | null
  readonly loadMore: () => void
  readonly reload: () => void
}

/** The rows of a filter, page by page, with what is new as it is recorded. */
export function useLiveList<Row, Page extends ListPage>(
  source: ListSource<Row, Page>,
  { initial, isLive }: LiveListOptions<Page>,
): LiveRows<Row> {
  const { pages, ...reading } = usePages<Page>({ ...source, initial })
  const listed = useMemo(() => pages.flatMap((page) => source.rowsOf(page)), [pages, source])
  const { shown, ...live } = useNews(source, {
    isLive,
    listed,
    isWhole: reading.nextCursor === null,
    reload: reading.reload,
  })
  const rows = useMemo(() => mergeRows(source.kind, shown.values(), listed), [source, shown, listed])
  return { ...reading, ...live, rows }
}

interface Listed<Row> {
  readonly isLive: boolean
  readonly listed: readonly Row[]
  /** There is no page behind what is listed. */
  readonly isWhole: boolean
  readonly reload: () => void
}

/**
 * What was recorded since the list was read. An event only says that there is something: the API is asked, so that
 * every filter holds for new rows as it does for old ones.
 */
function useNews<Row, Page extends ListPage>(source: ListSource<Row, Page>, given: Listed<Row>) {
  const [state, change] = useReducer<LiveList<Row>, [LiveChange<Row>]>(changeLiveList, emptyLiveList)
  const list = liveListOf(state, source.query)
  const latest = useRef({ source, list, given })
  const activities = useRef<string[]>([])
  useEffect(() => {
    latest.current = { source, list, given }
  })
  const ask = useCallback(async function ask(limit: number): Promise<void> {
    const { query, newestPathOf, newestAtOnce, rowsOf } = latest.current.source
    const told = activities.current.splice(0)
    const page = await fetchJson<Page>(newestPathOf(limit)).catch(() => null)
    const now = latest.current
    if (!page || now.source.query !== query) return
    const news = findNews(now.source.kind, rowsOf(page), { ...knownOf(now), activities: told, limit })
    if (news !== 'gap') {
      if (news.length > 0) change({ kind: 'recorded', query, rows: latestById(now.source.kind, news) })
    } else if (limit < newestAtOnce) {
      activities.current.push(...told)
      await ask(newestAtOnce)
    } else now.given.reload()
  }, [])
  const askSoon = useThrottled(
    useCallback(() => ask(latest.current.source.newestAtOnce), [ask]),
    source.quickestMs,
  )
  const connection = useLiveEvents(
    {
      onOpen: () => ask(source.newestAtOpen),
      onRequests: (requests) => {
        activities.current.push(...requests.map(source.activityOfEvent))
        askSoon()
      },
    },
    given.isLive,
  )
  const { shown, waiting } = list
  return {
    connection,
    shown,
    newIds: useMemo(() => new Set(shown.keys()), [shown]),
    waiting: waiting.size,
    showWaiting: () => change({ kind: 'show' }),
    hold: useCallback((isHeld: boolean) => change({ kind: 'hold', isHeld }), []),
  }
}

function knownOf<Row, Page extends ListPage>(now: {
  source: ListSource<Row, Page>
  list: LiveList<Row>
  given: Listed<Row>
}) {
  const { source, list, given } = now
  const { listed, isWhole } = given
  return {
    rows: latestById(source.kind, [...listed, ...list.shown.values(), ...list.waiting.values()]),
    lastRow: isWhole ? null : (listed.at(-1) ?? null),
  }
}
