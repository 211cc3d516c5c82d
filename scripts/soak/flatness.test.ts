import { describe, expect, test } from 'vitest'
import { judgeFlatness } from './flatness'

const allowance = { share: 0.05, amount: 16 }
const everyTenSeconds = (values: readonly number[]) => values.map((value, index) => ({ atMs: index * 10_000, value }))
const minutes = (count: number, valueAt: (minute: number) => number) =>
  everyTenSeconds(Array.from({ length: count * 6 }, (_, index) => valueAt(index / 6)))

describe('a figure is', () => {
  test('flat when it only warmed up', () => {
    expect(
      judgeFlatness(
        minutes(30, (minute) => 300 + 100 * Math.min(1, minute / 8)),
        allowance,
      ).isFlat,
    ).toBe(true)
  })

  test('flat when it rises and falls', () => {
    const teeth = (minute: number) => 300 + 40 * (minute % 4)
    expect(judgeFlatness(minutes(30, teeth), allowance).isFlat).toBe(true)
  })

  test('not flat when its low points rise', () => {
    const teeth = (minute: number) => 300 + 40 * (minute % 4) + 4 * minute
    expect(judgeFlatness(minutes(30, teeth), allowance).isFlat).toBe(false)
  })

  test('not flat when it grows all the time, and the slope says how fast', () => {
    const judged = judgeFlatness(
      minutes(60, (minute) => 300 + 2 * minute),
      allowance,
    )
    expect(judged.isFlat).toBe(false)
    expect(judged.perHour).toBeCloseTo(120, 0)
  })
})
