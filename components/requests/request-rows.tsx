'use client'

import { useEffect, useRef } from 'react'
import { cn } from '@/components/ui/cn'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { requestColumns, timeColumnClass } from './request-columns'
import { RequestRow } from './request-row'
import { useIsNarrow } from './use-media'
import { useVisibleRows } from './use-visible-rows'

interface RequestRowsProps {
  requests: readonly RequestSummary[]
  newIds: ReadonlySet<string>
  /** The row the keyboard is at. */
  selectedId: string | null
  timeZone: string
  /** There are more rows than these. */
  isOpenEnded: boolean
  hrefOf: (requestId: string) => string
  onPeek: (requestId: string) => void
  onHold: (isHeld: boolean) => void
  /** The last of these rows is drawn, a little before one sees it. */
  onEnd: () => void
}

const rowHeight = 36
const cardHeight = 84

/** The list itself: only what is near the window is in the page; a table when wide, cards when narrow. */
export function RequestRows(props: RequestRowsProps) {
  const { requests, newIds, selectedId, timeZone, hrefOf, onPeek, onHold } = props
  const list = useRef<HTMLDivElement>(null)
  const height = useIsNarrow() ? cardHeight : rowHeight
  const { first, end } = useVisibleRows(list, { count: requests.length, rowHeight: height })
  useEnd(end, props)
  // The chosen row stays in the page, wherever one scrolls: it may have the focus, and keys go on from it.
  const places = requests.flatMap(({ requestId }, place) =>
    (place >= first && place < end) || requestId === selectedId ? place : [],
  )
  return (
    <div
      role="table"
      aria-label="Requests"
      aria-rowcount={props.isOpenEnded ? -1 : requests.length + 1}
      className="@container text-table [--row-height:36px] max-sm:[--row-height:84px]"
      onMouseEnter={() => onHold(true)}
      onMouseLeave={() => onHold(false)}
    >
      <HeadRow />
      {/* Heights are the style sheet's, so that what the server draws is right on every screen. */}
      <div
        ref={list}
        role="rowgroup"
        className="relative"
        style={{ height: `calc(var(--row-height) * ${requests.length})` }}
      >
        {places.map((place) => {
          const request = requests[place]
          return (
            request && (
              <RequestRow
                key={request.requestId}
                {...{ request, timeZone, onPeek, place }}
                href={hrefOf(request.requestId)}
                isNew={newIds.has(request.requestId)}
                isSelected={request.requestId === selectedId}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

/** Tells once for every length of the list that its last row is drawn. */
function useEnd(end: number, { requests, onEnd }: Pick<RequestRowsProps, 'requests' | 'onEnd'>) {
  const count = requests.length
  const isAtEnd = end >= count
  const latest = useRef(onEnd)
  useEffect(() => {
    latest.current = onEnd
  })
  useEffect(() => {
    if (isAtEnd) latest.current()
  }, [isAtEnd, count])
}

function HeadRow() {
  return (
    <div role="rowgroup" className="sticky top-14 z-10 rounded-t-card border-b border-line bg-panel max-sm:sr-only">
      <div role="row" aria-rowindex={1} className="flex h-9 items-center gap-3 px-4 font-medium text-muted">
        <span role="columnheader" className={timeColumnClass}>
          Time
        </span>
        {requestColumns.map((column) => (
          <span key={column.key} role="columnheader" className={cn('truncate', column.className)}>
            {column.header}
          </span>
        ))}
      </div>
    </div>
  )
}
