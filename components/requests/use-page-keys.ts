'use client'

import { useEffect, useRef } from 'react'
import { isSpentOnTooltip } from '@/components/ui/tooltip'

/** What keys do on a page, by `KeyboardEvent.key`. */
type PageKeys = Readonly<Record<string, (() => void) | undefined>>

/** After a `g` the next key says where to go: that is the shell's. */
const goKey = 'g'
const sequenceMs = 1_000

/** Stands on what is shown in a window or panel that goes along with the page: its keys hold there too. */
export const pageKeysHold = { 'data-page-keys': '' } as const

/** Keys of a page: not while somebody types, not with a modifier, not in a window on top. */
export function usePageKeys(keys: PageKeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    let goAtMs = -Infinity
    function onKeyDown(event: KeyboardEvent) {
      const isGoing = event.timeStamp - goAtMs < sequenceMs
      goAtMs = event.key === goKey ? event.timeStamp : -Infinity
      if (isGoing || isSpent(event) || hasModifier(event) || isElsewhere(event.target)) return
      const run = latest.current[event.key]
      if (!run) return
      event.preventDefault()
      run()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

/** The keys that go along a list, however they are spelled. */
export function moveKeys(onMove: (by: 1 | -1) => void): PageKeys {
  const [down, up] = [() => onMove(1), () => onMove(-1)]
  return { j: down, ']': down, k: up, '[': up }
}

function isSpent(event: KeyboardEvent): boolean {
  return event.defaultPrevented && !isSpentOnTooltip(event)
}

function hasModifier({ metaKey, ctrlKey, altKey }: KeyboardEvent): boolean {
  return metaKey || ctrlKey || altKey
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]:not(:has([data-page-keys]))',
    ) !== null
  )
}
