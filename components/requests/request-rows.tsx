'use client'

import { memo, useRef, type MouseEvent, type ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { cn } from '@/components/ui/cn'
import { formatDuration } from '@/lib/format'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { CostText } from './cost-text'
import { formatRowTime, OutcomePill, requestColumns, timeColumnClass } from './request-columns'
import { TokenBar } from './token-bar'
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
  const isNarrow = useIsNarrow()
  const height = isNarrow ? cardHeight : rowHeight
  const { first, end } = useVisibleRows(list, { count: requests.length, rowHeight: height })
  return (
    <div
      role="table"
      aria-label="Requests"
      aria-rowcount={requests.length + 1}
      className="text-table"
      onMouseEnter={() => onHold(true)}
      onMouseLeave={() => onHold(false)}
    >
      <HeadRow />
      <div ref={list} role="rowgroup" className="relative" style={{ height: requests.length * height }}>
        {requests.slice(first, end).map((request, index) => (
          <RequestRow
            key={request.requestId}
            {...{ request, timeZone, onPeek, isNarrow }}
            href={hrefOf(request.requestId)}
            rowIndex={first + index + 2}
            top={(first + index) * height}
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
    <div role="rowgroup" className="sticky top-14 z-10 border-b border-line bg-panel max-sm:sr-only">
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
  rowIndex: number
  top: number
  isNarrow: boolean
  isNew: boolean
  isSelected: boolean
  onPeek: (requestId: string) => void
}

/** One request. Its link covers the whole row: a plain press opens it beside the list, any other does what links do. */
const RequestRow = memo(function RequestRow({
  request,
  timeZone,
  href,
  rowIndex,
  top,
  isNarrow,
  isNew,
  isSelected,
  onPeek,
}: RequestRowProps) {
  function peek(event: MouseEvent<HTMLAnchorElement>) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onPeek(request.requestId)
  }
  const link = (
    <a
      href={href}
      onClick={peek}
      data-request-id={request.requestId}
      className="numeric -outline-offset-2 after:absolute after:inset-0"
    >
      <time dateTime={request.timestamp}>{formatRowTime(request.timestamp, timeZone)}</time>
    </a>
  )
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-current={isSelected || undefined}
      style={{ transform: `translateY(${top}px)` }}
      className={cn(
        'absolute inset-x-0 top-0 border-b border-line transition-transform hover:bg-subtle motion-reduce:transition-none',
        isNarrow ? 'flex h-21 flex-col justify-center gap-1.5 px-4' : 'flex h-9 items-center gap-3 px-4',
        isSelected && 'bg-selection hover:bg-selection',
        isNew && 'shadow-[inset_2px_0_0_var(--color-accent)]',
      )}
    >
      {isNarrow ? (
        <CardCells request={request} link={link} />
      ) : (
        <WideCells request={request} link={link} timeZone={timeZone} />
      )}
    </div>
  )
})

interface CellsProps {
  request: RequestSummary
  link: ReactNode
}

function WideCells({ request, link, timeZone }: CellsProps & { timeZone: string }) {
  return (
    <>
      <span role="cell" className={timeColumnClass}>
        {link}
      </span>
      {requestColumns.map((column) => (
        <span key={column.key} role="cell" className={cn('truncate numeric', column.className)}>
          {column.cell(request, timeZone)}
        </span>
      ))}
    </>
  )
}

function CardCells({ request, link }: CellsProps) {
  return (
    <>
      <span role="cell" className="flex items-center gap-2">
        <OutcomePill request={request} />
        <span className="min-w-0 truncate font-medium">{cleanText(request.model ?? request.path)}</span>
        <span className="ml-auto shrink-0 font-medium">
          <CostText {...request} />
        </span>
      </span>
      <span role="cell" className="flex items-center gap-2 text-muted">
        {link}
        <span className="min-w-0 truncate">{cleanText(request.domain)}</span>
      </span>
      <span role="cell" className="flex items-center justify-between gap-2 text-secondary">
        <TokenBar counts={request} />
        <span className="numeric">{formatDuration(request.responseTimeMs)}</span>
      </span>
    </>
  )
}
