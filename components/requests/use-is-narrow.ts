'use client'

import { useSyncExternalStore } from 'react'

const narrow = '(max-width: 639.9px)'

function subscribe(onChange: () => void): () => void {
  const media = matchMedia(narrow)
  media.addEventListener('change', onChange)
  return () => media.removeEventListener('change', onChange)
}

/** The window is a phone's: lists are cards. The server draws the wide form. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(narrow).matches,
    () => false,
  )
}
