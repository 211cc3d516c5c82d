'use client'

import { useEffect, useRef } from 'react'

export interface RowKeys {
  /** +1 = down. */
  readonly onMove: (by: 1 | -1) => void
  readonly onOpenFull?: () => void
}

/**
 * j and k (or ] and [) move, o opens; not while somebody types, not with a modifier, not in a window on top. Moving moves the
 * focus, so Enter does what it does on a link: it looks.
 */
export function useRowKeys(keys: RowKeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isElsewhere(event.target)) return
      const run = actionOf(event, latest.current)
      if (!run) return
      event.preventDefault()
      run()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function actionOf(event: KeyboardEvent, keys: RowKeys): (() => void) | null {
  if (event.key === 'j' || event.key === ']') return () => keys.onMove(1)
  if (event.key === 'k' || event.key === '[') return () => keys.onMove(-1)
  return event.key === 'o' ? (keys.onOpenFull ?? null) : null
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null
  )
}
