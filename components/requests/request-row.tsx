'use client'

import { memo, useState, type MouseEvent } from 'react'
import { LiveRow, rowLink, rowLinkClass, type RowStanding } from '@/components/live-list/live-row'
import { cn } from '@/components/ui/cn'
import { CellFilter } from './cell-filter'
import { formatRowTime, requestColumns, timeColumn, type RequestColumn } from './request-columns'
import type { ListedRequest } from './use-request-list'

interface RequestRowProps extends RowStanding {
  request: ListedRequest
  timeZone: string
  href: string
  isNew: boolean
  onPeek: (requestId: string) => void
}

/** One request. Its link covers the whole row: a plain press opens it beside the list, any other does what links do. */
export const RequestRow = memo(function RequestRow(props: RequestRowProps) {
  const { request, timeZone, href, place, isNew, isSelected, isTabStop, onPeek } = props
  // Links to filter by are made for the row one points at and for the chosen one, not for every row on the screen.
  const [isPointedAt, setPointedAt] = useState(false)
  function peek(event: MouseEvent<HTMLAnchorElement>) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onPeek(request.requestId)
  }
  return (
    <LiveRow
      {...{ place, isNew, isSelected }}
      className="grid-cols-[auto_1fr_auto]"
      onPointerEnter={(event) => setPointedAt(event.pointerType === 'mouse')}
      onPointerLeave={() => setPointedAt(false)}
    >
      <span role="cell" className={timeColumn.className}>
        <a
          href={href}
          onClick={peek}
          {...rowLink(request.requestId, isTabStop)}
          className={cn('numeric', rowLinkClass)}
        >
          <time dateTime={request.timestamp}>{formatRowTime(request.timestamp, timeZone)}</time>
        </a>
      </span>
      {requestColumns.map((column) => (
        <Cell
          key={column.key}
          {...{ column, request, timeZone, isSelected }}
          cover={isPointedAt || isSelected ? { href, onClick: peek } : null}
        />
      ))}
    </LiveRow>
  )
})

interface CellProps extends Pick<RequestRowProps, 'request' | 'timeZone' | 'isSelected'> {
  column: RequestColumn
  /** The link of the row, once more over a cell of its own; null = nobody is near. */
  cover: { href: string; onClick: (event: MouseEvent<HTMLAnchorElement>) => void } | null
}

function Cell({ column, request, timeZone, isSelected, cover }: CellProps) {
  const target = cover && column.filterValue?.(request)
  return (
    <span
      role="cell"
      className={cn('min-w-0 numeric', target ? 'group/cell relative z-1' : '', column.className)}
      title={column.hint?.(request)}
    >
      <span dir="auto" className="block truncate">
        {column.cell(request, timeZone)}
      </span>
      {target && (
        <>
          {/* The cell lies above the link of the row, to know when one points at it. */}
          <a {...cover} tabIndex={-1} aria-hidden className="absolute inset-0" />
          <CellFilter target={target} label={column.header} isReachable={isSelected} />
        </>
      )}
    </span>
  )
}
