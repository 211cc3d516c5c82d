'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { LiveDot } from '@/components/ui/live-dot'
import { useLiveEvents } from '@/components/live-list/use-live-events'

const quickestMs = 10_000
const slowestMs = 60_000

/** Draws the page anew while requests come in: at most every ten seconds, at least every minute. */
export function LiveRefresh() {
  const router = useRouter()
  const refreshedAt = useRef(0)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)

  function refreshSoon(delayMs: number) {
    clearTimeout(waiting.current)
    waiting.current = setTimeout(() => {
      refreshedAt.current = Date.now()
      router.refresh()
      refreshSoon(slowestMs)
    }, delayMs)
  }
  const connection = useLiveEvents({
    onUsage: () => refreshSoon(Math.max(0, refreshedAt.current + quickestMs - Date.now())),
  })

  useEffect(() => {
    refreshedAt.current = Date.now()
    return () => clearTimeout(waiting.current)
  }, [])

  return <LiveDot state={connection === 'open' ? 'ok' : 'off'} label={connection === 'open' ? 'Live' : 'Not live'} />
}
