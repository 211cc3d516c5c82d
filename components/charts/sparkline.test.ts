import { expect, test } from 'vitest'
import { sparklinePath } from './sparkline'

test('a course runs from edge to edge, its highest value on top', () => {
  expect(sparklinePath([0, 10])).toBe('M0.0 23.0L100.0 1.0')
})

test('a missing value is a gap, not a zero, and a value alone a dot', () => {
  expect(sparklinePath([10, null, 10, 10])).toBe('M0.0 1.0h0M66.7 1.0L100.0 1.0')
})

test('a single value has no course', () => {
  expect(sparklinePath([null, 5, null])).toBe('')
})
