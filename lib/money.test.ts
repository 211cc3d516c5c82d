import { expect, test } from 'vitest'
import { formatExactUsd, usdOfMicroUsd } from './money'

test('micro-dollars become decimal dollars with six places', () => {
  expect(usdOfMicroUsd(0)).toBe('0.000000')
  expect(usdOfMicroUsd(1)).toBe('0.000001')
  expect(usdOfMicroUsd(12_345_678)).toBe('12.345678')
  expect(usdOfMicroUsd(-1_500_000)).toBe('-1.500000')
})

test('an amount above 2^31 keeps every digit', () => {
  expect(usdOfMicroUsd(9_007_199_254_740_991)).toBe('9007199254.740991')
})

test('no price stays no price', () => {
  expect(usdOfMicroUsd(null)).toBeNull()
})

test.each([
  [1, '$0.000001'],
  [500, '$0.0005'],
  [1_250_500_000, '$1,250.50'],
])('%i micro-dollars that somebody set are %s', (microUsd, text) => expect(formatExactUsd(microUsd)).toBe(text))
