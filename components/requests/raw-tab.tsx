'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import useSWR from 'swr'
import { fetchResponse, type ApiError } from '@/components/shell/fetcher'
import { Button, buttonClass } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { ErrorState } from '@/components/ui/error-state'
import { SaveLink } from '@/components/shell/save-link'
import { SkeletonRows } from '@/components/ui/skeleton'
import { parseJson, stringifyJson } from '@/lib/claude/json'
import { formatBytes, formatExact } from '@/lib/format'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { ContentNotice } from './content-notice'
import { RawText } from './raw-text'
import { StreamEventsList } from './stream-events-list'

type Side = 'request' | 'response'
type Shown = Side | 'events'

const mostDrawnBytes = 8 * 1024 * 1024

/** The bytes as they passed through. */
export function RawTab({ detail }: { detail: RequestDetail }) {
  const [shown, setShown] = useState<Shown>('request')
  return (
    <div>
      <div role="group" aria-label="Which bytes" className="mb-3 flex gap-2">
        {choices.map(([one, label]) => (
          <Button
            key={one}
            size="small"
            variant={one === shown ? 'primary' : 'secondary'}
            aria-pressed={one === shown}
            onClick={() => setShown(one)}
          >
            {label}
          </Button>
        ))}
      </div>
      {shown === 'events' ? <RawEvents detail={detail} /> : <RawSide key={shown} detail={detail} side={shown} />}
    </div>
  )
}

const choices: readonly (readonly [Shown, string])[] = [
  ['request', 'Request'],
  ['response', 'Response'],
  ['events', 'Events'],
]

function RawEvents({ detail }: { detail: RequestDetail }) {
  const { state } = detail.content.response
  if (state === 'empty') return <p className="text-secondary">There was no answer.</p>
  if (state !== 'kept' && state !== 'too_large') return <ContentNotice state={state} />
  return <StreamEventsList requestId={detail.requestId} />
}

function RawSide({ detail, side }: { detail: RequestDetail; side: Side }) {
  const { state, contentType, sha256 } = detail.content[side]
  const bytes = side === 'request' ? detail.requestBytes : detail.responseBytes
  const path = `/api/requests/${detail.requestId}/raw/${side}`
  if (state === 'empty') return <p className="text-secondary">There was no body.</p>
  if (state !== 'kept' && state !== 'too_large') return <ContentNotice state={state} />
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3 text-table text-secondary">
        <span className="numeric">
          {formatBytes(bytes)} ({formatExact(bytes)} bytes)
        </span>
        {contentType && <span>{contentType}</span>}
        {sha256 && (
          <span className="flex items-center gap-2">
            SHA-256 <span className="font-mono break-all">{sha256.slice(0, 16)}…</span>
            <CopyButton text={sha256} label="Copy hash" />
          </span>
        )}
        <SaveLink path={`${path}?download=1`} className={buttonClass({ size: 'small' })}>
          <Download aria-hidden />
          Download original
        </SaveLink>
      </div>
      {bytes <= mostDrawnBytes ? <RawContent path={path} /> : <ContentNotice state="too_large" />}
    </div>
  )
}

function RawContent({ path }: { path: string }) {
  const { data, error, mutate } = useSWR<string, ApiError>(path, fetchText, { revalidateOnFocus: false })
  const [isPretty, setPretty] = useState(true)
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (data === undefined) return <SkeletonRows count={8} />
  const pretty = prettyJson(data)
  return (
    <RawText
      text={isPretty ? (pretty ?? data) : data}
      actions={
        pretty !== null && (
          <Button size="small" variant="ghost" aria-pressed={isPretty} onClick={() => setPretty(!isPretty)}>
            {isPretty ? 'As sent' : 'Indented'}
          </Button>
        )
      }
    />
  )
}

async function fetchText(path: string): Promise<string> {
  return (await fetchResponse(path)).text()
}

function prettyJson(text: string): string | null {
  const value = parseJson(text)
  return value === undefined ? null : stringifyJson(value, 2)
}
