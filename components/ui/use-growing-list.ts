import { useEffect, useRef, useState } from 'react'
import { findRows } from './find-rows'

interface GrowingListOptions<Row> {
  rows: readonly Row[]
  /** What a row is found by; null = there is no field to find one. */
  textOf: ((row: Row) => string) | null
  /** How many are shown at first. */
  lot: number
}

/** What is shown of a list that grows: the first lot of all, or of those that are looked for. */
export function useGrowingList<Row>({ rows, textOf, lot }: GrowingListOptions<Row>) {
  const [wanted, setWanted] = useState('')
  const [most, setMost] = useState(lot)
  // Once there, the field stays: a row that goes does not take away what somebody is typing into.
  const [isLong, setIsLong] = useState(rows.length > lot)
  if (!isLong && rows.length > lot) setIsLong(true)
  const found = findRows({ rows, textOf, wanted })
  const shown = found.slice(0, most)
  const { box, focusRow } = useRowFocus()
  return {
    ...{ box, isLong, wanted, found, shown },
    show: (next: number) => {
      focusRow(shown.length)
      setMost(next)
    },
    find: (text: string) => {
      setWanted(text)
      setMost(lot)
    },
  }
}

/** The first of the rows that a press has brought gets the focus: the button that brought them may be gone. */
function useRowFocus() {
  const box = useRef<HTMLDivElement>(null)
  const due = useRef<number | null>(null)
  useEffect(() => {
    const rowIndex = due.current
    due.current = null
    const rows = rowIndex === null ? null : box.current?.querySelectorAll<HTMLElement>('tbody > tr, ul > li')
    const row = rows?.[rowIndex ?? 0]
    if (!row) return
    // A row is no stop of Tab: the next press of it goes to what the row holds.
    row.tabIndex = -1
    row.focus({ preventScroll: true })
  })
  return {
    /** Around the list. */
    box,
    focusRow: (rowIndex: number) => {
      due.current = rowIndex
    },
  }
}
