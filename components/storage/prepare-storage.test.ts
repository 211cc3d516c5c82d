import { expect, test } from 'vitest'
import { describeGrowth, forecastGrowth, prepareStorageBars, savingOf, summariseStorage } from './prepare-storage'

const day = (date: string, storedBytes: number, logicalBytes = storedBytes * 20) => ({
  day: date,
  storedBytes,
  logicalBytes,
})

test('the pace is that of the measured days, and tells how long the disk lasts', () => {
  const days = [day('2026-11-01', 1_000), day('2026-11-05', 5_000)]
  expect(forecastGrowth(days, 10_000)).toEqual({ bytesPerDay: 1_000, overDays: 4, daysLeft: 10 })
  expect(forecastGrowth(days, null)?.daysLeft).toBeNull()
})

test('nothing is foretold from two days', () => {
  expect(forecastGrowth([day('2026-11-01', 1), day('2026-11-02', 9)], 10)).toBeNull()
  expect(describeGrowth(null).value).toBe('–')
})

test('a record that shrinks never fills the disk', () => {
  const growth = forecastGrowth([day('2026-11-01', 9_000), day('2026-11-05', 1_000)], 10_000)
  expect(growth).toMatchObject({ bytesPerDay: -2_000, daysLeft: null })
  expect(describeGrowth(growth).value).toBe('−2 KB a day')
})

test('the day that is not over is drawn lighter', () => {
  const bars = prepareStorageBars([day('2026-11-01', 1), day('2026-11-02', 2)], '2026-11-02')
  expect(bars.map(({ label, isIncomplete }) => [label, isIncomplete])).toEqual([
    ['1 Nov', false],
    ['2 Nov', true],
  ])
})

test('the saving is said in times', () => {
  expect(savingOf({ logicalBytes: 50, storedBytes: 10 })).toBe('5.0×')
  expect(savingOf({ logicalBytes: 200, storedBytes: 10 })).toBe('20×')
  expect(savingOf({ logicalBytes: 0, storedBytes: 0 })).toBeNull()
  expect(summariseStorage([])).toContain('Not measured yet')
})
