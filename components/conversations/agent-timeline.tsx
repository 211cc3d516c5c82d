'use client'

import { formatDuration, formatQuantity, formatTime, formatTokens } from '@/lib/format'
import { branchName } from './prepare-tree'
import { unnamedLane, type Timeline, type TimelineSpan } from './prepare-timeline'
import { laneHeight, lineWidth as width, SpanTooltip, TimelineSpans, useSpanFocus } from './timeline-spans'

const fillHeight = 44
const mostLanes = 12

/** Who worked when, one lane an agent, and how full the context was. */
export function AgentTimeline({ timeline, timeZone }: { timeline: Timeline; timeZone: string }) {
  const lanes = timeline.lanes.slice(0, mostLanes)
  const hidden = timeline.lanes.length - lanes.length
  const height = fillHeight + lanes.length * laneHeight
  const spans = timeline.spans.filter(({ lane }) => lane < lanes.length)
  const focus = useSpanFocus(spans)
  return (
    <figure className="rounded-card border border-line bg-panel px-3 py-2">
      <figcaption className="mb-1 flex flex-wrap gap-x-4 text-meta text-muted">
        <span>
          Context up to <strong className="text-ink numeric">{formatTokens(timeline.mostTokens)}</strong> tokens
        </span>
        <span>
          {formatQuantity(timeline.lanes.length, 'agent')}
          {hidden > 0 && `, ${hidden} not drawn`}
        </span>
        {timeline.gaps.length > 0 && (
          <span>
            {formatQuantity(timeline.gaps.length, 'pause')} cut short, the longest{' '}
            {formatDuration(Math.max(...timeline.gaps.map(({ idleMs }) => idleMs)))}
          </span>
        )}
      </figcaption>
      <div className="flex gap-3">
        <LaneNames lanes={lanes} />
        <div className="relative min-w-0 flex-1">
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
            <TimelineSpans {...{ spans, focus, timeZone }} top={fillHeight} />
          </svg>
          {focus.shown && <SpanTooltip span={focus.shown} top={fillHeight} timeZone={timeZone} />}
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
          {lane === unnamedLane ? 'Sub-tasks' : branchName(lane)}
        </li>
      ))}
    </ul>
  )
}

function describe({ spans, lanes, mostTokens }: Timeline): string {
  const countOf = (chosen: readonly TimelineSpan[]) => chosen.reduce((sum, { requestCount }) => sum + requestCount, 0)
  const failed = countOf(spans.filter(({ look }) => look === 'error'))
  const work = `${formatQuantity(countOf(spans), 'request')} of ${formatQuantity(lanes.length, 'agent')}`
  return `${work}, ${failed} failed, context up to ${formatTokens(mostTokens)} tokens`
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
