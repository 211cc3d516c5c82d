import { expect, test } from 'vitest'
import { sumConfidence } from './sum-confidence'

test('a sum of which nothing has a price is unpriced, not nearly zero', () => {
  expect(sumConfidence({ costMicroUsd: 0, unpriced: 2, estimated: 0 })).toBe('unpriced')
})

test('a sum of which something has a price is at least that', () => {
  expect(sumConfidence({ costMicroUsd: 1_200, unpriced: 1, estimated: 1 })).toBe('partial')
})

test('a sum of which something is estimated is an estimate', () => {
  expect(sumConfidence({ costMicroUsd: 1_200, unpriced: 0, estimated: 1 })).toBe('estimated')
})

test('a sum of which everything is known is exact, also when it is nothing', () => {
  expect(sumConfidence({ costMicroUsd: 0, unpriced: 0, estimated: 0 })).toBe('exact')
})
