'use client'

import { useSyncExternalStore } from 'react'
import { formatRelative, formatTime } from '@/lib/format'
import { readTick, subscribeTick } from './tick'

/** "12 s ago", kept current, with the full time as title. The server and no-script show the time itself. */
export function RelativeTime({ at, timeZone = 'UTC' }: { at: string | Date; timeZone?: string }) {
  const nowMs = useSyncExternalStore(subscribeTick, readTick, () => null)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at, timeZone)} className="whitespace-nowrap numeric">
      {nowMs === null ? formatTime(at, timeZone, 'short') : formatRelative(at, nowMs)}
    </time>
  )
}
