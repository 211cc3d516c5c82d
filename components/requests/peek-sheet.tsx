'use client'

import { ChevronDown, ChevronUp, ExternalLink } from 'lucide-react'
import Link from 'next/link'
import { useEffect } from 'react'
import { buttonClass } from '@/components/ui/button'
import { Sheet } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { RequestContentView } from './request-content-view'

interface PeekSheetProps {
  /** The request beside the list; null = none. */
  peek: string | null
  requests: readonly RequestSummary[]
  timeZone: string
  hrefOf: (requestId: string) => string
  onPeek: (requestId: string | null) => void
}

/** One request beside the list; j and k go through the list as it is filtered. */
export function PeekSheet({ peek, requests, timeZone, hrefOf, onPeek }: PeekSheetProps) {
  const at = requests.findIndex(({ requestId }) => requestId === peek)
  const newer = at > 0 ? requests[at - 1] : undefined
  const older = at >= 0 ? requests[at + 1] : undefined
  useEffect(() => {
    if (!peek) return
    function onKeyDown(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || isField(event.target)) return
      const next =
        event.key === 'j' || event.key === ']' ? older : event.key === 'k' || event.key === '[' ? newer : undefined
      if (!next) return
      event.preventDefault()
      onPeek(next.requestId)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  })
  return (
    <Sheet
      isOpen={peek !== null}
      onOpenChange={(isOpen) => !isOpen && onPeek(null)}
      title="Request"
      className="sm:w-[min(880px,92vw)]"
    >
      {peek && (
        <>
          <div className="mb-3 flex items-center gap-1">
            <IconButton label="Newer request (k)" disabled={!newer} onClick={() => newer && onPeek(newer.requestId)}>
              <ChevronUp aria-hidden />
            </IconButton>
            <IconButton label="Older request (j)" disabled={!older} onClick={() => older && onPeek(older.requestId)}>
              <ChevronDown aria-hidden />
            </IconButton>
            <Link href={hrefOf(peek)} className={buttonClass({ size: 'small', className: 'ml-auto' })}>
              <ExternalLink aria-hidden />
              Open
            </Link>
          </div>
          <RequestContentView key={peek} requestId={peek} timeZone={timeZone} />
        </>
      )}
    </Sheet>
  )
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role="menu"]') !== null
}
