'use client'

import { useEffect, useRef } from 'react'
import { rowIdOf } from './live-row'

/** Keeps the chosen row in sight; the answered function makes a row take the focus once it is drawn and free. */
export function useRowInView(selectedId: string | null, isFree: boolean): (rowId: string | null) => void {
  const wanted = useRef<string | null>(null)
  useEffect(() => {
    if (selectedId) findLink(selectedId)?.scrollIntoView({ block: 'nearest' })
  }, [selectedId])
  useEffect(() => {
    // An open panel keeps the focus to itself.
    const link = (isFree || isRowFocused()) && wanted.current && findLink(wanted.current)
    if (!link) return
    wanted.current = null
    link.focus({ preventScroll: true })
  })
  return (rowId) => {
    wanted.current = rowId
  }
}

/** The focus is in the list, not in a panel beside it. */
export function isRowFocused(): boolean {
  return rowIdOf(document.activeElement) !== null
}

function findLink(rowId: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(rowId)}"]`)
}
