'use client'

import { useEffect, useRef } from 'react'
import { commandOf, type Command } from './shortcuts'

const sequenceMs = 1_000

/** Listens for the keys of the whole dashboard. What a page handled already (preventDefault) is left alone. */
export function useShortcuts(run: (command: Command) => void): void {
  const latest = useRef(run)
  const before = useRef<{ key: string; atMs: number } | null>(null)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      const last = before.current
      before.current = { key: event.key, atMs: event.timeStamp }
      const after = last && event.timeStamp - last.atMs < sequenceMs ? last.key : null
      const command = commandOf(
        { key: event.key, hasModifier: event.metaKey || event.ctrlKey, isTyping: isTyping(event.target) },
        after,
      )
      if (!command) return
      event.preventDefault()
      before.current = null
      latest.current(command)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

/** In a field, or in an open window or menu, letters mean themselves. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null)
  )
}
