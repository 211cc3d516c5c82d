'use client'

import { Button } from './button'
import { EmptyState } from './empty-state'
import { FindBar } from './find-bar'
import { ListFoot } from './list-foot'
import { Table, type TableProps } from './table'
import { useGrowingList } from './use-growing-list'

interface GrowingTableProps<Row> extends TableProps<Row> {
  /** What a row is, in one word or two: "domain". */
  noun: string
  /** What a row is found by; without it there is no field to find one. */
  textOf?: (row: Row) => string
  /** How many are shown at first, and with each press; fewer where a row has controls of its own. */
  lot?: number
}

const usualLot = 50

/**
 * The table of a list that grows with the installation: the first lot, a press for more, and a field to find a row.
 * A list that fits into the first lot is the table alone.
 */
export function GrowingTable<Row>({ noun, textOf, lot = usualLot, ...table }: GrowingTableProps<Row>) {
  const { rows, caption } = table
  const { box, isLong, wanted, find, found, shown, show } = useGrowingList({ rows, textOf: textOf ?? null, lot })
  if (!isLong) return <Table {...table} />

  function clear() {
    // The button goes with what it clears.
    box.current?.querySelector<HTMLElement>('input[type="search"]')?.focus()
    find('')
  }
  return (
    <div ref={box} role="group" aria-label={caption} className="last:rounded-b-[inherit]">
      {textOf && <FindBar {...{ noun, wanted }} onFind={find} found={found.length} all={rows.length} />}
      {found.length > 0 ? <Table {...table} rows={shown} /> : <NothingFound {...{ noun, wanted }} onClear={clear} />}
      {/* How many were found is said beside the field. */}
      {(wanted === '' || found.length > shown.length) && (
        <ListFoot shown={shown.length} all={found.length} {...{ noun, lot }} onShow={show} />
      )}
    </div>
  )
}

function NothingFound({ noun, wanted, onClear }: { noun: string; wanted: string; onClear: () => void }) {
  return (
    <EmptyState
      title={`No ${noun} fits`}
      reason={
        <>
          Nothing here holds “<bdi className="wrap-anywhere">{wanted}</bdi>”.
        </>
      }
      action={<Button onClick={onClear}>Show all again</Button>}
    />
  )
}
