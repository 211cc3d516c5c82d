import { expect, test } from 'vitest'
import { namedPeriods } from './named-periods'

const periodOf = (name: string, now: string, timeZone: string) => {
  const { from, to } = namedPeriods(new Date(now), timeZone).find((period) => period.name === name) ?? {}
  return [from, to]
}

test('yesterday is a day of the time zone one looks from', () => {
  const now = '2026-11-23T23:30:00Z'
  expect(periodOf('Yesterday', now, 'UTC')).toEqual(['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'])
  expect(periodOf('Yesterday', now, 'Europe/Paris')).toEqual(['2026-11-22T23:00:00.000Z', '2026-11-23T23:00:00.000Z'])
})

test('yesterday has the hours that clocks gave it', () => {
  expect(periodOf('Yesterday', '2026-10-26T12:00:00Z', 'Europe/Paris')).toEqual([
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ])
})

test('what is not over ends now, and a month begins on its first day', () => {
  const now = '2027-01-02T10:00:00Z'
  expect(periodOf('Today', now, 'UTC')).toEqual(['2027-01-02T00:00:00.000Z', 'now'])
  expect(periodOf('This month', now, 'UTC')).toEqual(['2027-01-01T00:00:00.000Z', 'now'])
  expect(periodOf('Last month', now, 'UTC')).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
})
