'use client'

import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useEffect, useState, type ComponentProps } from 'react'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { LoadMore } from '@/components/ui/pagination'
import { SkeletonRows } from '@/components/ui/skeleton'
import { formatExact } from '@/lib/format'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import type { RequestPage } from '@/lib/requests/list-requests'
import { FilterBar } from './filter-bar'
import { FilterLinks } from './filter-links'
import { LiveControl, WaitingPill } from './live-control'
import { NoRequests } from './no-requests'
import { PeekPanel } from './peek-panel'
import { RequestRows } from './request-rows'
import { useRequestFilter } from './use-request-filter'
import { useRequestList, type RequestList } from './use-request-list'
import { useSelection } from './use-selection'
import { ViewsMenu } from './views-menu'

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
  const { requests } = list
  const { selectedId, neighbours, peekAt } = useSelection({ requests, filter, onPause: () => setPaused(!isPaused) })
  useHoldWhileScrolled(list.hold)
  const hrefOf = (requestId: string) => `/requests/${requestId}?${filter.query}`
  return (
    <FilterLinks query={filter.query} onFilter={(field, given) => filter.change({ [field]: given })}>
      <div className="flex items-start">
        <div className="min-w-0 flex-1">
          <PageHeader
            title="Requests"
            description="Every call, as it was recorded."
            actions={
              <>
                {filter.isOpenEnded && (
                  <LiveControl connection={list.connection} isPaused={isPaused} onPause={setPaused} />
                )}
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
          <WaitingPill waiting={list.waiting} onShow={() => showFromTop(list)} />
          <ListCard list={list} filter={filter} rows={{ selectedId, hrefOf, onPeek: peekAt }} />
        </div>
        {filter.peek && (
          <PeekPanel
            requestId={filter.peek}
            neighbours={neighbours}
            timeZone={filter.timeZone}
            href={hrefOf(filter.peek)}
            onPeek={peekAt}
          />
        )}
      </div>
    </FilterLinks>
  )
}

interface ListCardProps {
  list: RequestList
  filter: ReturnType<typeof useRequestFilter>
  rows: Pick<ComponentProps<typeof RequestRows>, 'selectedId' | 'hrefOf' | 'onPeek'>
}

function ListCard({ list, filter, rows }: ListCardProps) {
  const { requests, error, isRefreshing } = list
  const isEmpty = requests.length === 0
  return (
    <>
      {error && !list.hasNextFailed && (
        <div className="mb-3">
          <ErrorState message={error.message} requestId={error.requestId} onRetry={list.reload} />
        </div>
      )}
      <Card aria-busy={isRefreshing} className={cn('transition-opacity', isRefreshing && 'opacity-60 delay-150')}>
        {list.isLoading && <SkeletonRows count={12} />}
        {isEmpty && !list.isLoading && !error && (
          <NoRequests
            {...filter}
            onSearchOn={list.nextCursor ? list.loadMore : null}
            isSearching={list.isLoadingMore}
          />
        )}
        {!isEmpty && (
          <>
            <RequestRows
              {...rows}
              requests={requests}
              newIds={list.newIds}
              timeZone={filter.timeZone}
              isOpenEnded={list.nextCursor !== null}
              onHold={list.hold}
              onEnd={() => list.nextCursor && !error && list.loadMore()}
            />
            <ListFoot list={list} />
          </>
        )}
      </Card>
    </>
  )
}

/** The next page comes by itself; here one sees that it does, and asks for it again when it did not. */
function ListFoot({ list }: { list: RequestList }) {
  const { error } = list
  if (error && list.hasNextFailed)
    return (
      <div className="border-t border-line p-3">
        <ErrorState message={error.message} requestId={error.requestId} onRetry={list.loadMore} />
      </div>
    )
  return (
    <LoadMore
      nextCursor={list.nextCursor}
      isLoading={list.isLoadingMore}
      onLoadMore={list.loadMore}
      shown={`${formatExact(list.requests.length)} requests`}
    />
  )
}

function showFromTop(list: RequestList) {
  list.showWaiting()
  scrollTo({ top: 0 })
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
