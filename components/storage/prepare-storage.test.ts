import { expect, test } from 'vitest'
import { describeGrowth, forecastGrowth, prepareStorageBars, savingOf, summariseStorage } from './prepare-storage'

/** A quarter of the database is content. */
const day = (date: string, databaseBytes: number) => ({
  day: date,
  databaseBytes,
  storedBytes: databaseBytes / 4,
  logicalBytes: databaseBytes * 5,
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
  expect(describeGrowth(growth).value).toBe('−2 KB')
})

test('days on which the database was not measured tell nothing of its pace', () => {
  const before = { ...day('2026-10-28', 1), databaseBytes: null }
  const days = [before, day('2026-11-01', 1_000), day('2026-11-05', 5_000)]
  expect(forecastGrowth(days, null)).toMatchObject({ overDays: 4, bytesPerDay: 1_000 })
  expect(prepareStorageBars([before], '2026-11-05')[0]?.values).not.toHaveProperty('rest')
})

test('content and the rest are the whole database', () => {
  const [bar] = prepareStorageBars([day('2026-11-01', 4_000)], '2026-11-05')
  expect(bar?.values).toEqual({ stored: 1_000, rest: 3_000, logical: 20_000 })
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
  expect(summariseStorage([]).disk).toContain('Not measured yet')
  expect(summariseStorage([day('2026-11-01', 4_096)])).toEqual({
    disk: '1 KB of content in a database of 4 KB.',
    traffic: '20 KB passed through for the content that is kept: 20× more.',
  })
})
