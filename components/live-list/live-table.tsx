'use client'

import { ArrowDown } from 'lucide-react'
import { useEffect, useRef, type CSSProperties, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { useIsNarrow } from '@/components/ui/use-media'
import { rowIdOf, type RowStanding } from './live-row'
import type { LiveRows } from './use-live-list'
import { useVisibleRows } from './use-visible-rows'

export interface LiveColumn {
  readonly key: string
  readonly header: string
  /** Width, alignment and from which width of the list on it is shown. */
  readonly className: string
  /** The name of the order by this column; without it there is none. */
  readonly sort?: string
}

/** The order of a list, the most first; null = its own. */
export interface ListOrder {
  readonly sort: string | null
  readonly onSort: (sort: string | null) => void
}

interface LiveTableProps<Row> {
  list: LiveRows<Row>
  label: string
  columns: readonly LiveColumn[]
  idOf: (row: Row) => string
  drawRow: (row: Row, standing: RowStanding) => ReactNode
  /** All rows of a list are equally high; on phones a row is a card. */
  rowHeight: number
  cardHeight: number
  /** The row the keyboard is at. */
  selectedId: string | null
  /** The keyboard came to a row. */
  onReach: (rowId: string) => void
  onMove: (by: 1 | -1) => void
  order?: ListOrder
}

/** A list of any length: only what is near the window is in the page; a table when wide, cards when narrow. */
export function LiveTable<Row>(props: LiveTableProps<Row>) {
  const { list, idOf, selectedId, rowHeight, cardHeight } = props
  const { rows, nextCursor } = list
  const body = useRef<HTMLDivElement>(null)
  const height = useIsNarrow() ? cardHeight : rowHeight
  const { top, first, end } = useVisibleRows(body, { count: rows.length, rowHeight: height })
  useEnd(end, { count: rows.length, onEnd: () => nextCursor !== null && !list.error && list.loadMore() })
  // The chosen row stays in the page, wherever one scrolls: it may have the focus, and keys go on from it.
  const selectedPlace = rows.findIndex((row) => idOf(row) === selectedId)
  const stopPlace = selectedPlace < 0 ? top : selectedPlace
  const drawn = rows.flatMap((row, place) =>
    (place >= first && place < end) || place === selectedPlace ? [{ row, place }] : [],
  )
  return (
    <div
      role="table"
      aria-label={props.label}
      aria-rowcount={nextCursor === null ? rows.length + 1 : -1}
      // Heights are the style sheet's, so that what the server draws is right on every screen.
      style={{ '--wide-row': `${rowHeight}px`, '--card': `${cardHeight}px` } as CSSProperties}
      className="@container text-table [--row-height:var(--wide-row)] max-sm:[--row-height:var(--card)]"
      onMouseEnter={() => list.hold(true)}
      onMouseLeave={() => list.hold(false)}
    >
      <HeadRow columns={props.columns} order={props.order} />
      <div
        ref={body}
        role="rowgroup"
        className="relative"
        style={{ height: `calc(var(--row-height) * ${rows.length})` }}
        {...rowKeys(props)}
      >
        {drawn.map(({ row, place }) =>
          props.drawRow(row, { place, isSelected: place === selectedPlace, isTabStop: place === stopPlace }),
        )}
      </div>
    </div>
  )
}

/** The list is one stop of Tab: from row to row go the arrow keys. */
function rowKeys({ selectedId, onReach, onMove }: Pick<LiveTableProps<unknown>, 'selectedId' | 'onReach' | 'onMove'>) {
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const rowId = rowIdOf(target)
      // A press of the pointer says itself what it does.
      if (rowId !== null && rowId !== selectedId && target.matches(':focus-visible')) onReach(rowId)
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const by = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key]
      const hasModifier = event.metaKey || event.ctrlKey || event.altKey || event.shiftKey
      if (!by || hasModifier || rowIdOf(event.target as Element) === null) return
      event.preventDefault()
      onMove(by)
    },
  }
}

/** Tells once for every length of the list that its last row is drawn, a little before one sees it. */
function useEnd(end: number, { count, onEnd }: { count: number; onEnd: () => void }) {
  const isAtEnd = end >= count
  const latest = useRef(onEnd)
  useEffect(() => {
    latest.current = onEnd
  })
  useEffect(() => {
    if (isAtEnd) latest.current()
  }, [isAtEnd, count])
}

function HeadRow({ columns, order }: { columns: readonly LiveColumn[]; order: ListOrder | undefined }) {
  return (
    <div role="rowgroup" className="sticky top-14 z-10 rounded-t-card border-b border-line bg-panel max-sm:sr-only">
      <div role="row" aria-rowindex={1} className="flex h-9 items-center gap-3 px-4 font-medium text-muted">
        {columns.map((column) => (
          <span
            key={column.key}
            role="columnheader"
            aria-sort={column.sort && column.sort === order?.sort ? 'descending' : undefined}
            className={cn('truncate', column.className)}
          >
            {column.sort && order ? <SortButton {...{ column, order }} /> : column.header}
          </span>
        ))}
      </div>
    </div>
  )
}

/** On phones, where the head is not seen, the page offers the orders elsewhere. */
function SortButton({ column: { header, sort }, order }: { column: LiveColumn; order: ListOrder }) {
  const isOn = sort === order.sort
  return (
    <>
      <span className="sm:hidden">{header}</span>
      <button
        type="button"
        className={cn(
          'target inline-flex items-center gap-1 rounded-control hover:text-ink max-sm:hidden',
          isOn && 'text-ink',
        )}
        title={isOn ? 'Back to the newest first' : `The most first: ${header}`}
        onClick={() => order.onSort(isOn || !sort ? null : sort)}
      >
        {header}
        {isOn && <ArrowDown className="size-3" aria-hidden />}
      </button>
    </>
  )
}
