'use client'

import { memo, useRef, type MouseEvent } from 'react'
import { cn } from '@/components/ui/cn'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { formatRowTime, requestColumns, timeColumnClass } from './request-columns'
import { useIsNarrow } from './use-is-narrow'
import { useVisibleRows } from './use-visible-rows'

interface RequestRowsProps {
  requests: readonly RequestSummary[]
  newIds: ReadonlySet<string>
  /** The row the keyboard is at. */
  selectedId: string | null
  timeZone: string
  hrefOf: (requestId: string) => string
  onPeek: (requestId: string) => void
  onHold: (isHeld: boolean) => void
}

const rowHeight = 36
const cardHeight = 84

/** The list itself: only what is near the window is in the page; a table when wide, cards when narrow. */
export function RequestRows({ requests, newIds, selectedId, timeZone, hrefOf, onPeek, onHold }: RequestRowsProps) {
  const list = useRef<HTMLDivElement>(null)
  const height = useIsNarrow() ? cardHeight : rowHeight
  const { first, end } = useVisibleRows(list, { count: requests.length, rowHeight: height })
  return (
    <div
      role="table"
      aria-label="Requests"
      aria-rowcount={requests.length + 1}
      className="text-table [--row-height:36px] max-sm:[--row-height:84px]"
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
        {requests.slice(first, end).map((request, index) => (
          <RequestRow
            key={request.requestId}
            {...{ request, timeZone, onPeek }}
            href={hrefOf(request.requestId)}
            place={first + index}
            isNew={newIds.has(request.requestId)}
            isSelected={request.requestId === selectedId}
          />
        ))}
      </div>
    </div>
  )
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

interface RequestRowProps {
  request: RequestSummary
  timeZone: string
  href: string
  /** From 0, the newest. */
  place: number
  isNew: boolean
  isSelected: boolean
  onPeek: (requestId: string) => void
}

/** One request. Its link covers the whole row: a plain press opens it beside the list, any other does what links do. */
const RequestRow = memo(function RequestRow({
  request,
  timeZone,
  href,
  place,
  isNew,
  isSelected,
  onPeek,
}: RequestRowProps) {
  function peek(event: MouseEvent<HTMLAnchorElement>) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onPeek(request.requestId)
  }
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-current={isSelected || undefined}
      style={{ transform: `translateY(calc(var(--row-height) * ${place}))` }}
      className={cn(
        'absolute inset-x-0 top-0 grid h-(--row-height) grid-cols-[auto_1fr_auto] content-center items-center gap-x-3 gap-y-1.5 border-b border-line px-4 transition-transform hover:bg-subtle motion-reduce:transition-none sm:flex',
        isSelected && 'bg-selection hover:bg-selection',
        isNew && 'shadow-[inset_2px_0_0_var(--color-accent)]',
      )}
    >
      <span role="cell" className={timeColumnClass}>
        <a
          href={href}
          onClick={peek}
          data-request-id={request.requestId}
          className="scroll-mt-28 scroll-mb-20 numeric -outline-offset-2 after:absolute after:inset-0"
        >
          <time dateTime={request.timestamp}>{formatRowTime(request.timestamp, timeZone)}</time>
        </a>
      </span>
      {requestColumns.map((column) => (
        <span key={column.key} role="cell" className={cn('min-w-0 truncate numeric', column.className)}>
          {column.cell(request, timeZone)}
        </span>
      ))}
    </div>
  )
})
