'use client'

import { useSyncExternalStore } from 'react'

/** Where clients reach this proxy: PUBLIC_URL where it is set; otherwise the address in the browser, the best guess. */
export function useOrigin(publicUrl: string | null = null): string {
  const origin = useSyncExternalStore(
    noChanges,
    () => location.origin,
    () => '',
  )
  return publicUrl ?? origin
}

const noChanges = () => () => undefined
