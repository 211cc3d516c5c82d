'use client'

import { useEffect, type RefObject } from 'react'

/** Where in its list something stands, to find what is next to it when it is gone. */
interface Place {
  readonly element: Element
  readonly row: Element
  readonly list: Element
  readonly rowIndex: number
  /** Which cell of the row. */
  readonly cellIndex: number
  readonly card: Element | null
  readonly path: string
}

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]'

/**
 * What one acted on may go away with the row it stood in: a key that was revoked, a rule that was deleted. The focus
 * then goes to the row beside it, or to what its card offers; the browser would leave it to nobody.
 */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current
    if (!element) return
    let place: Place | null = null
    function onFocusIn({ target }: FocusEvent) {
      place = target instanceof Element ? placeOf(target) : null
    }
    function onFocusOut() {
      const left = place
      // Later: whether it was left or taken away cannot be told yet.
      setTimeout(() => {
        if (place === left && left?.element.isConnected && isNowhere()) place = null
      })
    }
    function onChange() {
      if (!place || place.element.isConnected || !isNowhere()) return
      const left = place
      place = null
      focusBeside(left, element as HTMLElement)
    }
    const observer = new MutationObserver(onChange)
    observer.observe(element, { childList: true, subtree: true })
    // Windows over the page come and go there.
    observer.observe(document.body, { childList: true })
    element.addEventListener('focusin', onFocusIn)
    element.addEventListener('focusout', onFocusOut)
    return () => {
      observer.disconnect()
      element.removeEventListener('focusin', onFocusIn)
      element.removeEventListener('focusout', onFocusOut)
    }
  }, [page])
}

/** Nobody has the focus, though the window has. */
const isNowhere = () => document.activeElement === document.body && document.hasFocus()

/** null = in no list; nor are the rows of long lists meant, which come and go as one scrolls. */
function placeOf(element: Element): Place | null {
  const row = element.closest('tbody > tr, ul > li, ol > li')
  const list = row?.parentElement
  if (!row || !list) return null
  const rowIndex = [...list.children].indexOf(row)
  const cellIndex = [...row.children].findIndex((cell) => cell.contains(element))
  return { element, row, list, rowIndex, cellIndex, card: row.closest('section'), path: location.pathname }
}

function focusBeside({ row, list, rowIndex, cellIndex, card, path }: Place, page: Element): void {
  // Another page has come: where the focus goes is then not about this row.
  if (path !== location.pathname) return
  const rows = list.isConnected ? [...list.children] : []
  const at = row.isConnected ? rows.indexOf(row) : rowIndex
  const nearest = [...rows.slice(at), ...rows.slice(0, at).reverse()]
  const around = card?.isConnected ? card : page
  const places = [...nearest.map((one) => one.children[cellIndex]), ...nearest, around]
  const next = places.map((one) => one?.querySelector<HTMLElement>(focusable)).find(Boolean)
  next?.focus()
}
