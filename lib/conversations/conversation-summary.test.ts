import { expect, test } from 'vitest'
import { sumConfidence } from './conversation-summary'

test('a sum of which nothing has a price is unpriced, not nearly zero', () => {
  expect(sumConfidence(0, 2)).toBe('unpriced')
})

test('a sum of which something has a price is at least that', () => {
  expect(sumConfidence(1_200, 1)).toBe('partial')
})

test('a sum of which everything has a price is exact, also when it is nothing', () => {
  expect(sumConfidence(0, 0)).toBe('exact')
})
