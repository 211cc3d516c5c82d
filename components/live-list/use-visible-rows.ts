'use client'

import { useSyncExternalStore, type RefObject } from 'react'

interface VisibleRows {
  /** About the first one in the window. */
  readonly top: number
  /** The first one to draw. */
  readonly first: number
  readonly end: number
}

const marginRows = 20
/** The range moves in steps, so that not every pixel of scrolling draws the list anew. */
const stepRows = 10
const atFirst = 60

/** Which rows of a long list of equally high rows are near the window; the rest is empty space. */
export function useVisibleRows(
  list: RefObject<HTMLElement | null>,
  { count, rowHeight }: { count: number; rowHeight: number },
): VisibleRows {
  const read = () => {
    const top = -(list.current?.getBoundingClientRect().top ?? 0)
    return Math.floor(Math.max(0, top / rowHeight) / stepRows) * stepRows
  }
  const step = useSyncExternalStore(subscribe, read, () => 0)
  const rowsOfWindow = useSyncExternalStore(
    subscribe,
    () => Math.ceil(window.innerHeight / rowHeight),
    () => atFirst,
  )
  return {
    top: Math.min(step, count - 1),
    first: Math.max(0, step - marginRows),
    end: Math.min(count, step + rowsOfWindow + marginRows + stepRows),
  }
}

function subscribe(onChange: () => void): () => void {
  addEventListener('scroll', onChange, { passive: true, capture: true })
  addEventListener('resize', onChange)
  return () => {
    removeEventListener('scroll', onChange, { capture: true })
    removeEventListener('resize', onChange)
  }
}
