import { expect, test } from 'vitest'
import type { TimelineSpan } from './prepare-timeline'
import { stepSpan } from './step-span'

const at = (lane: number, start: number): TimelineSpan => ({
  ...{ requestId: `${lane}/${start}`, lane, start, end: start + 0.05, look: 'turn', branchId: 'main' },
  ...{ atMs: 0, requestCount: 1 },
})

const [first, middle, last] = [at(0, 0), at(0, 0.4), at(0, 0.9)]
// Nobody is on lane 1.
const [early, late] = [at(2, 0.3), at(2, 0.7)]
const spans = [first, early, middle, late, last]

test.each([
  ['ArrowRight', first, middle],
  ['ArrowLeft', last, middle],
  ['End', first, last],
  ['Home', last, first],
  ['ArrowRight', early, late],
])('%s goes along the lane', (key, from, to) => {
  expect(stepSpan(spans, from, key)).toBe(to)
})

test.each([
  ['ArrowDown', middle, early],
  ['ArrowDown', last, late],
  ['ArrowUp', late, last],
])('%s goes to what ran at about that time on the next lane', (key, from, to) => {
  expect(stepSpan(spans, from, key)).toBe(to)
})

test.each([
  ['ArrowLeft', first],
  ['ArrowRight', last],
  ['ArrowUp', first],
  ['ArrowDown', late],
  ['Enter', middle],
])('%s at an end, or of another meaning, goes nowhere', (key, from) => {
  expect(stepSpan(spans, from, key)).toBeUndefined()
})
