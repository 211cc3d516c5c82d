'use client'

import { useCallback, useSyncExternalStore } from 'react'

/** Whether the window is as a media query says; `onServer` is what the server draws. */
function useMedia(query: string, onServer: boolean): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', onChange)
      return () => media.removeEventListener('change', onChange)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => onServer,
  )
}

/** The window is a phone's: lists are cards. */
export const useIsNarrow = () => useMedia('(max-width: 639.9px)', false)

/** There is room for a panel beside a list. */
export const useIsRoomy = () => useMedia('(min-width: 1024px)', true)
