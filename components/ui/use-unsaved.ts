import { useRef, type SyntheticEvent } from 'react'

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/**
 * Whether the controls within an element hold something else than when one came to them. Spread `fields` on the
 * element. What is only searched for is nothing to lose.
 */
export function useUnsaved() {
  const before = useRef(new Map<Control, string>())

  function remember({ target, currentTarget }: SyntheticEvent) {
    // A window opened from this one is its child to React, and not to the eye.
    if (isControl(target) && currentTarget.contains(target) && !before.current.has(target))
      before.current.set(target, contentOf(target))
  }
  return {
    fields: { onFocus: remember, onInput: remember },
    isUnsaved: () =>
      [...before.current].some(([control, content]) => control.isConnected && contentOf(control) !== content),
  }
}

function isControl(target: EventTarget): target is Control {
  const isField =
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  return isField && target.type !== 'search'
}

function contentOf(control: Control): string {
  const isTicked = control instanceof HTMLInputElement && ['checkbox', 'radio'].includes(control.type)
  return isTicked ? String(control.checked) : control.value
}
