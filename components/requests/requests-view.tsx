'use client'

import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState } from 'react'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { LiveCard } from '@/components/live-list/live-card'
import { LiveControl } from '@/components/live-list/live-control'
import { LiveTable } from '@/components/live-list/live-table'
import type { DrawnPage } from '@/components/live-list/use-pages'
import { PageHeader } from '@/components/ui/page-header'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import { FilterBar } from './filter-bar'
import { FilterLinks } from './filter-links'
import { NoRequests } from './no-requests'
import { OrderedFoot, OrderSelect } from './order'
import { PeekPanel } from './peek-panel'
import { requestColumns, timeColumn } from './request-columns'
import { RequestRow } from './request-row'
import { useRequestFilter } from './use-request-filter'
import { useRequestList, type ListedPage } from './use-request-list'
import { useSelection } from './use-selection'
import { ViewsMenu } from './views-menu'

const columns = [timeColumn, ...requestColumns]

interface RequestsViewProps {
  initial: DrawnPage<ListedPage> | null
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
  const { rows } = list
  const { selectedId, neighbours, peekAt, choose, move } = useSelection({
    requests: rows,
    filter,
    onPause: () => setPaused(!isPaused),
  })
  const hrefOf = (requestId: string) => `/requests/${requestId}?${filter.pageQuery}`
  return (
    <FilterLinks query={filter.pageQuery} onFilter={(field, given) => filter.change({ [field]: given })}>
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
          <OrderSelect sort={filter.sort} onSort={(sort) => filter.change({ sort })} />
          <LiveCard
            list={list}
            noun={rows.length === 1 ? 'request' : 'requests'}
            foot={filter.sort ? <OrderedFoot count={rows.length} sort={filter.sort} /> : undefined}
            empty={
              <NoRequests
                {...filter}
                onSearchOn={list.nextCursor ? list.loadMore : null}
                isSearching={list.isLoadingMore}
              />
            }
          >
            <LiveTable
              list={list}
              label="Requests"
              columns={columns}
              idOf={({ requestId }) => requestId}
              rowHeight={36}
              cardHeight={106}
              selectedId={selectedId}
              onReach={choose}
              onMove={move}
              order={{ sort: filter.sort, onSort: (sort) => filter.change({ sort }) }}
              drawRow={(request, standing) => (
                <RequestRow
                  key={request.requestId}
                  {...{ request, ...standing }}
                  timeZone={filter.timeZone}
                  href={hrefOf(request.requestId)}
                  isNew={list.newIds.has(request.requestId)}
                  onPeek={peekAt}
                />
              )}
            />
          </LiveCard>
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
