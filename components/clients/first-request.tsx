'use client'

import Link from 'next/link'
import useSWR from 'swr'
import { LiveDot } from '@/components/ui/live-dot'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { formatTokens } from '@/lib/format'

/** What this page needs of a listed request. */
interface FirstRequest {
  requestId: string
  timestamp: string
  model: string | null
  status: number | null
  totalTokens: number | null
}

/** Looks every two seconds until the key has been used, then shows what came. */
export function FirstRequestWatch({ clientKeyId }: { clientKeyId: string }) {
  const { data, error } = useSWR<{ requests: readonly FirstRequest[] }, Error>(
    `/api/requests?clientKeyId=${clientKeyId}&limit=1`,
    { refreshInterval: (latest) => (latest?.requests.length ? 0 : 2_000), keepPreviousData: false },
  )
  const request = data?.requests[0]
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-card border border-line bg-subtle px-3 py-2.5 text-body"
    >
      {request ? <Received request={request} /> : <Waiting hasFailed={error !== undefined} />}
    </div>
  )
}

function Waiting({ hasFailed }: { hasFailed: boolean }) {
  return (
    <>
      <LiveDot state={hasFailed ? 'danger' : 'warn'} label={hasFailed ? 'Cannot look' : 'Waiting'} />
      {hasFailed
        ? 'The list of requests cannot be read right now. Looking again…'
        : 'Waiting for the first request with this key…'}
    </>
  )
}

function Received({ request }: { request: FirstRequest }) {
  const { requestId, timestamp, model, status, totalTokens } = request
  const isFine = status !== null && status < 400
  return (
    <>
      <StatusPill status={isFine ? 'ok' : 'danger'}>{isFine ? 'Received' : 'Received, and failed'}</StatusPill>
      <span>
        {model ?? 'A request'}
        {status !== null && ` · ${status}`}
        {totalTokens !== null && ` · ${formatTokens(totalTokens)} tokens`} · <RelativeTime at={timestamp} />
      </span>
      <Link href={`/requests/${requestId}`} className="font-medium text-accent hover:underline">
        Open the request
      </Link>
    </>
  )
}
