'use client'

import Link from 'next/link'
import { useRef, useState, type KeyboardEvent } from 'react'
import { formatTime } from '@/lib/format'
import type { TimelineSpan } from './prepare-timeline'
import { branchName } from './prepare-tree'
import { stepSpan } from './step-span'

/** The line is this long in the drawing, whatever its width on the screen. */
export const lineWidth = 1_000
export const laneHeight = 16

const colours: Record<TimelineSpan['look'], string> = {
  turn: 'var(--chart-1)',
  compaction: 'var(--chart-2)',
  side: 'var(--chart-other)',
  error: 'var(--color-danger)',
}

/** What one is at: by pointer, or by keyboard. */
export interface SpanFocus {
  /** The one that Tab comes to. */
  readonly reachable: TimelineSpan | undefined
  readonly shown: TimelineSpan | undefined
  readonly point: (requestId: string | null) => void
  readonly reach: (requestId: string) => void
}

/** One stop for Tab, arrows from there. */
export function useSpanFocus(spans: readonly TimelineSpan[]): SpanFocus {
  const [reachedId, reach] = useState<string | null>(null)
  const [shownId, point] = useState<string | null>(null)
  const find = (id: string | null) => spans.find(({ requestId }) => requestId === id)
  return { reachable: find(reachedId) ?? spans[0], shown: find(shownId), point, reach }
}

interface TimelineSpansProps {
  spans: readonly TimelineSpan[]
  focus: SpanFocus
  /** Where the first lane begins. */
  top: number
  timeZone: string
}

/** What each agent did, as bars that lead to their requests. */
export function TimelineSpans({ spans, focus, top, timeZone }: TimelineSpansProps) {
  const group = useRef<SVGGElement>(null)
  const { reachable, reach, point } = focus
  function step(event: KeyboardEvent, from: TimelineSpan) {
    if (event.key === 'Escape') return point(null)
    const next = stepSpan(spans, from, event.key)
    if (!next) return
    event.preventDefault()
    group.current?.querySelector<SVGAElement>(`[data-span="${next.requestId}"]`)?.focus()
  }
  return (
    <g ref={group}>
      {spans.map((span) => (
        <Link
          key={span.requestId}
          href={`/requests/${span.requestId}`}
          prefetch={false}
          data-span={span.requestId}
          tabIndex={span === reachable ? 0 : -1}
          aria-label={describeSpan(span, timeZone)}
          className="group/span outline-none"
          onKeyDown={(event) => step(event, span)}
          onFocus={() => {
            reach(span.requestId)
            point(span.requestId)
          }}
          onBlur={() => point(null)}
          onPointerEnter={() => point(span.requestId)}
          onPointerLeave={() => point(null)}
        >
          <rect
            x={span.start * lineWidth}
            y={top + span.lane * laneHeight + 3}
            width={Math.max(1.5, (span.end - span.start) * lineWidth)}
            height={laneHeight - 6}
            fill={colours[span.look]}
            vectorEffect="non-scaling-stroke"
            className="[paint-order:stroke] group-focus-visible/span:stroke-focus group-focus-visible/span:stroke-5"
          />
        </Link>
      ))}
    </g>
  )
}

/** What the bar one is at stands for; over it, and never beyond the ends of the line. */
export function SpanTooltip({ span, top, timeZone }: { span: TimelineSpan; top: number; timeZone: string }) {
  const place = `${span.start * 100}%`
  return (
    <p
      aria-hidden
      style={{ left: place, translate: `-${place} -100%`, top: top + span.lane * laneHeight - 2 }}
      className="pointer-events-none absolute z-1 rounded-control border border-line bg-panel px-2 py-1 text-table whitespace-nowrap shadow-overlay numeric"
    >
      {describeSpan(span, timeZone)}
    </p>
  )
}

const words: Record<TimelineSpan['look'], string> = {
  turn: 'turn',
  compaction: 'compaction',
  side: 'side call',
  error: 'failed',
}

function describeSpan({ atMs, look, branchId, requestCount }: TimelineSpan, timeZone: string): string {
  const count = requestCount > 1 ? ` · ${requestCount} requests` : ''
  return `${formatTime(atMs, timeZone, 'clock')} · ${words[look]} · ${branchName(branchId)}${count}`
}
