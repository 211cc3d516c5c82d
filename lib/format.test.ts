import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCostUsd,
  formatRate,
  formatCount,
  formatDuration,
  formatExact,
  formatPercent,
  formatQuantity,
  formatRelative,
  formatTime,
  formatTokens,
} from './format'

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [999, '999'],
    [1_000, '1K'],
    [12_345, '12.3K'],
    [999_949, '999.9K'],
    [999_950, '1M'],
    [1_234_567n, '1.2M'],
    [9_007_199_254_740_993n, '9007.2T'],
    [-12_345, '-12.3K'],
  ])('writes %s as %s', (amount, text) => expect(formatCount(amount)).toBe(text))

  it('keeps every digit in the exact form', () =>
    expect(formatExact(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993'))
  it('counts one thing as one', () => {
    expect([0, 1, 1n, 12_345].map((amount) => formatQuantity(amount, 'request'))).toEqual([
      '0 requests',
      '1 request',
      '1 request',
      '12,345 requests',
    ])
    expect(formatQuantity(2, 'entry', 'entries')).toBe('2 entries')
  })
  it('shows unknown tokens as a dash, not as zero', () => expect(formatTokens(null)).toBe('–'))
  it('writes a ratio as a percentage', () => expect(formatPercent(0.1234)).toBe('12.3%'))
})

describe('formatCostUsd', () => {
  it.each([
    [0, '$0.00'],
    [1, '<$0.0001'],
    [4_000, '$0.0040'],
    [4_200, '$0.0042'],
    [450_000, '$0.45'],
    [999_960, '$1.00'],
    [12_300_000n, '$12.30'],
    [999_996_000, '$1K'],
    [1_234_000_000, '$1.2K'],
    [-4_200, '-$0.0042'],
  ])('writes %s micro-dollars as %s', (micro, text) => expect(formatCostUsd(micro)).toBe(text))

  it('reads the decimal string of the API', () => expect(formatCostUsd('0.004200')).toBe('$0.0042'))
  it('marks an estimate', () => expect(formatCostUsd('12.300000', 'estimated')).toBe('~$12.30'))
  it('marks a partial sum', () => expect(formatCostUsd('12.300000', 'partial')).toBe('~$12.30'))
  it('never shows an unpriced request as zero', () => {
    expect(formatCostUsd('0.000000', 'unpriced')).toBe('unpriced')
    expect(formatCostUsd(null)).toBe('unpriced')
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [999.6, '1.0 s'],
    [12_400, '12.4 s'],
    [59_960, '1 m 00 s'],
    [185_000, '3 m 05 s'],
    [7_500_000, '2 h 05 m'],
    [273_600_000, '3 d 04 h'],
    [null, '–'],
  ])('writes %s as %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text))
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1_023, '1023 B'],
    [1_024, '1 KB'],
    [1_048_575, '1 MB'],
    [3_650_722_201n, '3.4 GB'],
  ])('writes %s as %s', (amount, text) => expect(formatBytes(amount)).toBe(text))
})

describe('formatTime', () => {
  const at = '2026-11-22T23:43:11.500Z'

  it('names the zone in the full form', () => expect(formatTime(at)).toBe('22 Nov 2026, 23:43:11 UTC'))
  it('crosses midnight with the zone', () => expect(formatTime(at, 'Europe/Paris', 'short')).toBe('23 Nov, 00:43'))
  it('writes the clock alone', () => expect(formatTime(at, 'UTC', 'clock')).toBe('23:43:11'))
  it('writes the day alone', () => expect(formatTime(at, 'UTC', 'day')).toBe('22 Nov 2026'))
})

describe('formatRelative', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0)

  it.each([
    [0, 'just now'],
    [-12_000, '12 s ago'],
    [-300_000, '5 min ago'],
    [-10_800_000, '3 h ago'],
    [-172_800_000, '2 d ago'],
    [300_000, 'in 5 min'],
  ])('writes a difference of %s ms as %s', (differenceMs, text) =>
    expect(formatRelative(now + differenceMs, now)).toBe(text),
  )
})

describe('formatRate', () => {
  it.each([
    [0.8, '$0.80'],
    [3.75, '$3.75'],
    [15, '$15.00'],
    [0.275, '$0.275'],
    [10_000, '$10,000.00'],
  ])('writes %s dollars a million as %s', (rate, text) => expect(formatRate(rate)).toBe(text))
})
