import { useRef, type FocusEvent } from 'react'

/** Where the focus came from, by the window it went into: for a window that was opened from one that is gone. */
const origins = new WeakMap<Element, HTMLElement>()

/**
 * A window that is opened without a trigger of its own gives the focus back to where it was when the window took it.
 * Spread what is returned on its content. Where somebody else has taken the focus meanwhile, it stays.
 */
export function useFocusReturn() {
  const origin = useRef<HTMLElement | null>(null)
  const content = useRef<Element | null>(null)

  function onFocusCapture({ currentTarget, target, relatedTarget }: FocusEvent<HTMLElement>) {
    // A window opened from this one is its child to React, and not to the eye.
    content.current = currentTarget
    const isFromOutside = currentTarget.contains(target) && !currentTarget.contains(relatedTarget)
    if (origin.current || !isFromOutside || !(relatedTarget instanceof HTMLElement)) return
    origin.current = triggerOf(relatedTarget)
    origins.set(currentTarget, origin.current)
  }

  function onCloseAutoFocus() {
    let before = origin.current ?? originFrom(content.current)
    origin.current = null
    while (before && !before.isConnected) before = originFrom(windowOf(before))
    if (document.activeElement === document.body) before?.focus()
    else if (before) handOver(before, windowOf(document.activeElement))
  }
  return { onFocusCapture, onCloseAutoFocus }
}

/** An entry of a menu goes away with it; what opened the menu stays. */
function triggerOf(element: HTMLElement): HTMLElement {
  const trigger = element.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  return (trigger && document.getElementById(trigger)) || element
}

/** One window took the place of another, whose field was gone when it did: it does not know where the focus had been. */
function handOver(before: HTMLElement, next: Element | null): void {
  if (next && !origins.has(next) && !next.contains(before)) origins.set(next, before)
}

const windowOf = (element: Element | null): Element | null => element?.closest('[role="dialog"]') ?? null

function originFrom(content: Element | null): HTMLElement | null {
  return (content && origins.get(content)) ?? null
}
