'use client'

import { useRouter } from 'next/navigation'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useEffect, useState } from 'react'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { Card } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { LoadMore } from '@/components/ui/pagination'
import { SkeletonRows } from '@/components/ui/skeleton'
import { formatExact } from '@/lib/format'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import type { RequestPage } from '@/lib/requests/list-requests'
import { copyText } from './copy-text'
import { FilterBar } from './filter-bar'
import { LiveControl, WaitingPill } from './live-control'
import { NoRequests } from './no-requests'
import { PeekSheet } from './peek-sheet'
import { RequestRows } from './request-rows'
import { moveKeys, usePageKeys } from './use-page-keys'
import { useRequestFilter } from './use-request-filter'
import { ViewsMenu } from './views-menu'
import { useRequestList, type RequestList } from './use-request-list'

interface RequestsViewProps {
  initial: { readonly query: string; readonly page: RequestPage } | null
  options: FilterOptions
}

/** Find the request. */
export function RequestsView(props: RequestsViewProps) {
  return (
    <NuqsAdapter>
      <RequestsBody {...props} />
    </NuqsAdapter>
  )
}

function RequestsBody({ initial, options }: RequestsViewProps) {
  const [isPaused, setPaused] = useState(false)
  const filter = useRequestFilter()
  const list = useRequestList({ query: filter.query, initial, isLive: filter.isOpenEnded && !isPaused })
  const { selectedId, peekAt } = useSelection(list, filter, () => setPaused(!isPaused))
  useHoldWhileScrolled(list.hold)
  const hrefOf = (requestId: string) => `/requests/${requestId}?${filter.query}`
  return (
    <>
      <PageHeader
        title="Requests"
        description="Every call, as it was recorded."
        actions={
          <>
            {filter.isOpenEnded && <LiveControl connection={list.connection} isPaused={isPaused} onPause={setPaused} />}
            <ViewsMenu query={filter.query} />
            <TimeRangePicker />
          </>
        }
      />
      <FilterBar
        values={filter.values}
        search={filter.search}
        options={options}
        onChange={filter.change}
        onClear={filter.clear}
      />
      {list.error && (
        <div className="mb-3">
          <ErrorState message={list.error.message} onRetry={list.reload} />
        </div>
      )}
      <WaitingPill waiting={list.waiting} onShow={() => showFromTop(list)} />
      <Card>
        {list.isLoading && <SkeletonRows count={12} />}
        {!list.isLoading && !list.error && list.requests.length === 0 && (
          <NoRequests
            {...filter}
            onSearchOn={list.nextCursor ? list.loadMore : null}
            isSearching={list.isLoadingMore}
          />
        )}
        {list.requests.length > 0 && (
          <>
            <RequestRows
              requests={list.requests}
              newIds={list.newIds}
              selectedId={selectedId}
              timeZone={filter.timeZone}
              hrefOf={hrefOf}
              onPeek={peekAt}
              onHold={list.hold}
            />
            <LoadMore
              nextCursor={list.nextCursor}
              isLoading={list.isLoadingMore}
              onLoadMore={list.loadMore}
              shown={`${formatExact(list.requests.length)} requests`}
            />
          </>
        )}
      </Card>
      <PeekSheet
        peek={filter.peek}
        requests={list.requests}
        timeZone={filter.timeZone}
        hrefOf={hrefOf}
        onPeek={peekAt}
      />
    </>
  )
}

function showFromTop(list: RequestList) {
  list.showWaiting()
  scrollTo({ top: 0 })
}

/** The row of the keyboard, and the request beside the list; the latter is in the address. */
function useSelection({ requests }: RequestList, filter: ReturnType<typeof useRequestFilter>, onPause: () => void) {
  const router = useRouter()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const selectedId = filter.peek ?? chosenId
  const peekAt = (requestId: string | null) => {
    if (requestId) setChosenId(requestId)
    // One step back closes it, however many requests were looked at.
    filter.change({ peek: requestId }, filter.peek && requestId ? 'replace' : 'push')
  }
  // Moving moves the focus, so Enter does what it does on a link: it looks.
  const move = (by: 1 | -1) => {
    const at = requests.findIndex(({ requestId }) => requestId === selectedId)
    const next = requests[at < 0 ? 0 : at + by]
    if (!next) return
    setChosenId(next.requestId)
    const link = document.querySelector<HTMLElement>(`[data-request-id="${next.requestId}"]`)
    link?.focus({ preventScroll: true })
    link?.scrollIntoView({ block: 'nearest' })
  }
  usePageKeys({
    ...moveKeys(move),
    o: () => selectedId && router.push(`/requests/${selectedId}?${filter.query}`),
    c: () => void copyText(location.href),
    p: onPause,
  })
  return { selectedId, peekAt }
}

/** While the top of the list is out of sight nothing may push what is being read. */
function useHoldWhileScrolled(hold: (isHeld: boolean) => void) {
  useEffect(() => {
    let wasScrolled = false
    function onScroll() {
      const isScrolled = scrollY > 200
      if (isScrolled !== wasScrolled) hold(isScrolled)
      wasScrolled = isScrolled
    }
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [hold])
}
