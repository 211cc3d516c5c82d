'use client'

import { RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { useRequestDetail } from './request-content-view'

/** What was sent again, and not by a client. */
export function ReplayNotice({ requestId }: { requestId: string }) {
  const { data } = useRequestDetail(requestId)
  const first = data?.requestHeaders?.['x-nexus-replay-of']
  return (
    <p className="mb-4 flex flex-wrap items-center gap-2 rounded-card border border-line bg-subtle px-3 py-2">
      <RotateCcw className="size-4 shrink-0 text-muted" aria-hidden />
      Replay: sent from the dashboard, not by a client.
      {first && (
        <Link href={`/requests/${first}`} className="text-accent underline">
          The request it repeats
        </Link>
      )}
    </p>
  )
}
