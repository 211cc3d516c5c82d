'use client'

import Link from 'next/link'
import { formatDuration, formatTime, formatTokens } from '@/lib/format'
import { branchName } from './prepare-tree'
import type { Timeline, TimelineSpan } from './prepare-timeline'

const width = 1_000
const laneHeight = 16
const fillHeight = 44
const mostLanes = 12

const colours: Record<TimelineSpan['look'], string> = {
  turn: 'var(--chart-1)',
  compaction: 'var(--chart-2)',
  side: 'var(--chart-other)',
  error: 'var(--color-danger)',
}

/** Who worked when, one lane an agent, and how full the context was. */
export function AgentTimeline({ timeline, timeZone }: { timeline: Timeline; timeZone: string }) {
  const lanes = timeline.lanes.slice(0, mostLanes)
  const hidden = timeline.lanes.length - lanes.length
  const height = fillHeight + lanes.length * laneHeight
  return (
    <figure className="rounded-card border border-line bg-panel px-3 py-2">
      <figcaption className="mb-1 flex flex-wrap gap-x-4 text-meta text-muted">
        <span>
          Context up to <strong className="text-ink numeric">{formatTokens(timeline.mostTokens)}</strong> tokens
        </span>
        <span>
          {timeline.lanes.length} {timeline.lanes.length === 1 ? 'agent' : 'agents'}
          {hidden > 0 && `, ${hidden} not drawn`}
        </span>
        {timeline.gaps.length > 0 && (
          <span>
            {timeline.gaps.length} {timeline.gaps.length === 1 ? 'pause' : 'pauses'} cut short, the longest{' '}
            {formatDuration(Math.max(...timeline.gaps.map(({ idleMs }) => idleMs)))}
          </span>
        )}
      </figcaption>
      <div className="flex gap-3">
        <LaneNames lanes={lanes} />
        <div className="min-w-0 flex-1">
          <svg
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            className="block w-full"
            style={{ height }}
            role="group"
            aria-label={describe(timeline)}
          >
            {timeline.gaps.map(({ at }, index) => (
              <line
                key={index}
                x1={at * width}
                x2={at * width}
                y1={0}
                y2={height}
                stroke="var(--color-line)"
                strokeDasharray="3 3"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            <path
              d={fillPath(timeline)}
              fill="none"
              stroke="var(--chart-3)"
              strokeWidth={1.5}
              vectorEffect="non-scaling-stroke"
            />
            {timeline.spans
              .filter(({ lane }) => lane < lanes.length)
              .map((span) => (
                <Link
                  key={span.requestId}
                  href={`/requests/${span.requestId}`}
                  prefetch={false}
                  tabIndex={-1}
                  aria-label={describeSpan(span, timeZone)}
                >
                  <rect
                    x={span.start * width}
                    y={fillHeight + span.lane * laneHeight + 3}
                    width={Math.max(1.5, (span.end - span.start) * width)}
                    height={laneHeight - 6}
                    fill={colours[span.look]}
                  >
                    <title>{describeSpan(span, timeZone)}</title>
                  </rect>
                </Link>
              ))}
          </svg>
          <TimeEnds timeline={timeline} timeZone={timeZone} />
        </div>
      </div>
    </figure>
  )
}

/** When the line begins and ends; its middle is no time that could be said, as pauses are cut short. */
function TimeEnds({ timeline: { fromMs, toMs }, timeZone }: { timeline: Timeline; timeZone: string }) {
  const isOneDay = formatTime(fromMs, timeZone, 'day') === formatTime(toMs, timeZone, 'day')
  return (
    <p className="flex justify-between text-meta text-muted numeric">
      {[fromMs, toMs].map((atMs, index) => (
        <time key={index} dateTime={new Date(atMs).toISOString()} title={formatTime(atMs, timeZone)}>
          {formatTime(atMs, timeZone, isOneDay ? 'clock' : 'short')}
        </time>
      ))}
    </p>
  )
}

/** Beside their lanes where there is room. */
function LaneNames({ lanes }: { lanes: readonly string[] }) {
  return (
    <ul className="shrink-0 text-meta text-muted max-sm:sr-only" style={{ paddingTop: fillHeight }}>
      {lanes.map((lane) => (
        <li key={lane} style={{ height: laneHeight, lineHeight: `${laneHeight}px` }}>
          {laneName(lane)}
        </li>
      ))}
    </ul>
  )
}

function describeSpan({ atMs, look, branchId, requestCount }: TimelineSpan, timeZone: string): string {
  const count = requestCount > 1 ? ` · ${requestCount} requests` : ''
  return `${formatTime(atMs, timeZone, 'clock')} · ${look} · ${branchId}${count}`
}

function laneName(lane: string): string {
  return branchName({ branchId: lane, kind: lane.startsWith('subtask_') ? 'subtask' : 'main' })
}

function describe({ spans, lanes, mostTokens }: Timeline): string {
  const countOf = (chosen: readonly TimelineSpan[]) => chosen.reduce((sum, { requestCount }) => sum + requestCount, 0)
  const failed = countOf(spans.filter(({ look }) => look === 'error'))
  return `${countOf(spans)} requests of ${lanes.length} agents, ${failed} failed, context up to ${formatTokens(mostTokens)} tokens`
}

function fillPath({ fill, mostTokens }: Timeline): string {
  if (fill.length < 2 || mostTokens === 0) return ''
  return fill
    .map(({ at, tokens }, index) => {
      const y = fillHeight - 4 - (tokens / mostTokens) * (fillHeight - 8)
      return `${index === 0 ? 'M' : 'L'}${(at * width).toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
