'use client'

import { useEffect, useRef, useState } from 'react'
import type { RequestSummary } from '@/lib/requests/request-summary'

export type Connection = 'connecting' | 'open' | 'lost' | 'off'

interface LiveHandlers {
  /** The connection stands, or stands again: what was recorded before that was not told. */
  readonly onOpen?: () => void | Promise<void>
  readonly onRequests?: (requests: readonly RequestSummary[], missed: number) => void
  readonly onUsage?: () => void
}

/**
 * Listens to /api/events while the page is visible. A hidden page lets its connection go: browsers allow only
 * six of them to one host. The browser itself connects again after a loss.
 */
export function useLiveEvents(handlers: LiveHandlers, isOn = true): Connection {
  const latest = useRef(handlers)
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    if (!isOn) return
    let source: EventSource | null = null
    function follow() {
      source?.close()
      source = document.hidden ? null : connect(latest, setConnection)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      source?.close()
    }
  }, [isOn])
  return isOn ? connection : 'off'
}

function connect(
  latest: { readonly current: LiveHandlers },
  setConnection: (connection: Connection) => void,
): EventSource {
  const source = new EventSource('/api/events')
  source.addEventListener('open', () => {
    setConnection('open')
    void latest.current.onOpen?.()
  })
  source.addEventListener('error', () => setConnection('lost'))
  source.addEventListener('request', (event: MessageEvent<string>) => {
    const { requests, missed } = JSON.parse(event.data) as { requests: RequestSummary[]; missed: number }
    latest.current.onRequests?.(requests, missed)
  })
  source.addEventListener('usage', () => latest.current.onUsage?.())
  return source
}
