import type { ReactNode } from 'react'
import { cn } from './cn'

export interface Column<Row> {
  /** Unique among the columns. */
  key: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** `end` for numbers. */
  align?: 'start' | 'end'
  /** The heading of the card on phones: shown first, without its label. */
  isTitle?: boolean
  /** Left out of the card on phones. */
  isWideOnly?: boolean
  className?: string
}

export interface TableProps<Row> {
  /** What the table shows; read by screen readers. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  density?: 'compact' | 'default' | 'comfortable'
  /** The table keeps its own scroll box with the head on top, at most this tall, e.g. `60vh`. */
  maxHeight?: string
  className?: string
}

const cellHeight = { compact: 'sm:h-7', default: 'sm:h-9', comfortable: 'sm:h-11' } as const

/** A semantic table with a sticky head; below 640 px every row becomes a card of labelled lines. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  density = 'default',
  maxHeight,
  className,
}: TableProps<Row>) {
  return (
    <div
      className={cn(
        'scroll-shade overflow-x-auto first:rounded-t-[inherit] last:rounded-b-[inherit]',
        maxHeight && 'overflow-y-auto',
        className,
      )}
      style={{ maxHeight }}
    >
      {/* The roles are said aloud because display: block takes the native ones away. */}
      <table role="table" className="block w-full border-collapse text-table sm:table">
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup" className="sr-only sm:not-sr-only sm:table-header-group">
          <tr role="row">
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="block sm:table-row-group">
          {rows.map((row) => (
            <tr
              role="row"
              key={rowKey(row)}
              className="flex flex-col gap-1 border-b border-line px-4 py-3 last:border-b-0 hover:bg-subtle sm:table-row sm:p-0"
            >
              {columns.map((column) => (
                <BodyCell key={column.key} column={column} row={row} height={cellHeight[density]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeadCell<Row>({ column }: { column: Column<Row> }) {
  return (
    <th
      role="columnheader"
      scope="col"
      className={cn(
        'sticky top-0 z-10 h-9 border-b border-line bg-panel px-3 font-medium whitespace-nowrap text-muted first:rounded-tl-card first:pl-4 last:rounded-tr-card last:pr-4',
        column.align === 'end' ? 'text-right' : 'text-left',
      )}
    >
      {column.header}
    </th>
  )
}

function BodyCell<Row>({ column, row, height }: { column: Column<Row>; row: Row; height: string }) {
  return (
    <td
      role="cell"
      className={cn(
        'flex items-baseline justify-between gap-4 sm:table-cell sm:px-3 sm:py-1 sm:align-middle sm:first:pl-4 sm:last:pr-4',
        height,
        column.align === 'end' && 'sm:text-right',
        column.isTitle && 'order-first justify-start text-control font-medium sm:text-table',
        // A link in a line of text is pressed above and below it, too.
        'pointer-coarse:[&_a]:-my-3 pointer-coarse:[&_a]:py-3',
        column.isWideOnly && 'hidden',
        column.className,
      )}
    >
      {!column.isTitle && (
        <span aria-hidden className="shrink-0 text-muted sm:hidden">
          {column.header}
        </span>
      )}
      <span className={cn('min-w-0 sm:[text-align:inherit]', !column.isTitle && 'text-right')}>{column.cell(row)}</span>
    </td>
  )
}
