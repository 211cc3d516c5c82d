'use client'

import { useRef, useState } from 'react'
import useSWR from 'swr'
import { cleanText } from '@/components/message/clean-text'
import { JsonView } from '@/components/message/json-view'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { cn } from '@/components/ui/cn'
import { ErrorState } from '@/components/ui/error-state'
import { Select } from '@/components/ui/select'
import { SkeletonRows } from '@/components/ui/skeleton'
import { parseJson } from '@/lib/claude/json'
import { formatExact } from '@/lib/format'
import type { StreamEvent, StreamEvents } from '@/lib/requests/stream-events'
import { useVisibleRows } from '@/components/live-list/use-visible-rows'

const rowHeight = 28

/** The events of a stream, each with when it was there and where it begins; the chosen one in full. */
export function StreamEventsList({ requestId }: { requestId: string }) {
  const { data, error, mutate } = useSWR<StreamEvents, ApiError>(`/api/requests/${requestId}/events`, fetchJson, {
    revalidateOnFocus: false,
  })
  const [type, setType] = useState('')
  const [chosen, setChosen] = useState<StreamEvent | null>(null)
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (!data) return <SkeletonRows count={8} />
  if (data.total === 0) return <p className="text-secondary">The answer was no stream of events.</p>
  const types = [...new Set(data.events.map((event) => event.type))]
  const shown = type === '' ? data.events : data.events.filter((event) => event.type === type)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3 text-table text-secondary">
        <Select
          aria-label="Type of event"
          className="w-56"
          value={type}
          onChange={(event) => setType(event.target.value)}
        >
          <option value="">All types</option>
          {types.map((one) => (
            <option key={one} value={one}>
              {cleanText(one)}
            </option>
          ))}
        </Select>
        <span>
          {formatExact(shown.length)} of {formatExact(data.total)} events
          {data.total > data.events.length && `; the first ${formatExact(data.events.length)} are listed`}
        </span>
        {data.isBrokenOff && <span className="text-warn">The stream broke off inside its last event.</span>}
      </div>
      <EventRows events={shown} chosen={chosen} onChoose={setChosen} />
      {chosen && (
        <section aria-label={`Event ${chosen.index}`} className="rounded-card border border-line p-3">
          <JsonView value={parseJson(chosen.data) ?? chosen.data} openLevels={4} />
        </section>
      )}
    </div>
  )
}

interface EventRowsProps {
  events: readonly StreamEvent[]
  chosen: StreamEvent | null
  onChoose: (event: StreamEvent) => void
}

function EventRows({ events, chosen, onChoose }: EventRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const { first, end } = useVisibleRows(list, { count: events.length, rowHeight })
  return (
    <div className="max-h-[50vh] overflow-auto rounded-card border border-line font-mono text-table" tabIndex={-1}>
      <ul ref={list} aria-label="Events" className="relative" style={{ height: events.length * rowHeight }}>
        {events.slice(first, end).map((event, index) => (
          <li
            key={event.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${(first + index) * rowHeight}px)`, height: rowHeight }}
          >
            <button
              type="button"
              aria-pressed={event.index === chosen?.index}
              onClick={() => onChoose(event)}
              className={cn(
                'flex h-full w-full items-center gap-3 px-3 text-left -outline-offset-2 hover:bg-subtle',
                event.index === chosen?.index && 'bg-selection hover:bg-selection',
              )}
            >
              <span className="w-20 shrink-0 text-right numeric">
                {event.offsetMs === null ? '–' : `${formatExact(Math.round(event.offsetMs))} ms`}
              </span>
              <span className="w-20 shrink-0 text-right text-secondary numeric max-sm:hidden">
                @{formatExact(event.byteOffset)}
              </span>
              <span className="w-44 shrink-0 truncate">{cleanText(event.type)}</span>
              <span className="min-w-0 truncate text-secondary">{cleanText(event.data.slice(0, 300))}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
