import type { TimelineSpan } from './prepare-timeline'

/** Where an arrow key leads from a span: along its lane, or to what ran at about that time on the next lane. Pure. */
export function stepSpan(spans: readonly TimelineSpan[], from: TimelineSpan, key: string): TimelineSpan | undefined {
  const ofLane = spans.filter(({ lane }) => lane === from.lane)
  const place = ofLane.indexOf(from)
  if (key === 'ArrowRight') return ofLane[place + 1]
  if (key === 'ArrowLeft') return ofLane[place - 1]
  if (key === 'Home') return ofLane[0]
  if (key === 'End') return ofLane.at(-1)
  if (key === 'ArrowDown') return nearest(spans, from, 1)
  if (key === 'ArrowUp') return nearest(spans, from, -1)
}

function nearest(spans: readonly TimelineSpan[], from: TimelineSpan, by: 1 | -1): TimelineSpan | undefined {
  const distance = ({ lane, start }: TimelineSpan): [number, number] => [
    (lane - from.lane) * by,
    Math.abs(start - from.start),
  ]
  return spans
    .filter(({ lane }) => (lane - from.lane) * by > 0)
    .toSorted((one, other) => {
      const [[laneOfOne, timeOfOne], [laneOfOther, timeOfOther]] = [distance(one), distance(other)]
      return laneOfOne - laneOfOther || timeOfOne - timeOfOther
    })[0]
}
