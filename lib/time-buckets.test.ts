import { expect, test } from 'vitest'
import { formatTime } from './format'
import { chooseBucket, listBucketStarts, nextStart } from './time-buckets'

const hourMs = 3_600_000
const to = new Date('2026-11-22T12:20:00.000Z')
const ago = (ms: number) => ({ from: new Date(to.getTime() - ms), to })

test.each([
  { name: '15 minutes', rangeMs: hourMs / 4, unit: 'step', lengthMs: 60_000 },
  { name: '1 hour', rangeMs: hourMs, unit: 'step', lengthMs: 2 * 60_000 },
  { name: '6 hours', rangeMs: 6 * hourMs, unit: 'step', lengthMs: 10 * 60_000 },
  { name: '24 hours', rangeMs: 24 * hourMs, unit: 'step', lengthMs: hourMs },
  { name: '7 days', rangeMs: 168 * hourMs, unit: 'step', lengthMs: 6 * hourMs },
  { name: '30 days', rangeMs: 720 * hourMs, unit: 'day', lengthMs: 24 * hourMs },
  { name: 'a year', rangeMs: 365 * 24 * hourMs, unit: 'week', lengthMs: 168 * hourMs },
])('$name are cut into readable bars', ({ rangeMs, unit, lengthMs }) => {
  expect(chooseBucket(ago(rangeMs), 'UTC')).toEqual({ unit, lengthMs, timeZone: 'UTC' })
})

test('no preset draws more than 61 bars', () => {
  for (const hours of [0.25, 1, 2, 5, 6, 11, 24, 48, 100, 168, 400, 720, 1440, 8760, 9600]) {
    const period = ago(hours * hourMs)
    expect(listBucketStarts(period, chooseBucket(period, 'Europe/Paris')).length).toBeLessThanOrEqual(61)
  }
})

test('bars begin on round times and cover the whole period', () => {
  const period = ago(6 * hourMs)
  const starts = listBucketStarts(period, chooseBucket(period, 'UTC'))
  expect(starts[0]?.toISOString()).toBe('2026-11-22T06:20:00.000Z')
  expect(starts.at(-1)?.toISOString()).toBe('2026-11-22T12:10:00.000Z')
})

test('a day begins at midnight of the time zone, also when the clock changes', () => {
  const period = { from: new Date('2026-10-24T10:00:00Z'), to: new Date('2026-10-27T10:00:00Z') }
  const days = listBucketStarts(period, { unit: 'day', lengthMs: 24 * hourMs, timeZone: 'Europe/Paris' })
  expect(days.map((day) => day.toISOString())).toEqual([
    '2026-10-23T22:00:00.000Z',
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
    '2026-10-26T23:00:00.000Z',
  ])
})

test('the day after one without a midnight begins at midnight again', () => {
  const period = { from: new Date('2027-04-29T10:00:00Z'), to: new Date('2027-05-01T10:00:00Z') }
  const days = listBucketStarts(period, { unit: 'day', lengthMs: 24 * hourMs, timeZone: 'Africa/Cairo' })
  expect(days.map((day) => day.toISOString())).toEqual([
    '2027-04-28T22:00:00.000Z',
    '2027-04-29T22:00:00.000Z',
    '2027-04-30T21:00:00.000Z',
  ])
})

const quarterDay = { unit: 'step', lengthMs: 6 * hourMs, timeZone: 'Europe/Paris' } as const

test.each([
  { change: 'back', from: '2026-10-24T17:00:00Z', to: '2026-10-25T18:00:00Z', night: '2026-10-24T22:00:00.000Z' },
  { change: 'forward', from: '2027-03-27T18:00:00Z', to: '2027-03-28T17:00:00Z', night: '2027-03-27T23:00:00.000Z' },
])('quarters of a day begin at the same hours after clocks go $change', ({ from, to, night }) => {
  const starts = listBucketStarts({ from: new Date(from), to: new Date(to) }, quarterDay)
  const hours = starts.map((start) => formatTime(start, 'Europe/Paris', 'clock').slice(0, 5))
  expect(hours).toEqual(['18:00', '00:00', '06:00', '12:00', '18:00'])
  expect(starts[1]?.toISOString()).toBe(night)
})

test('a quarter of a day that holds the change is found from its middle', () => {
  const period = { from: new Date('2026-10-25T04:30:00Z'), to: new Date('2026-10-25T06:00:00Z') }
  expect(listBucketStarts(period, quarterDay).map((start) => start.toISOString())).toEqual([
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T05:00:00.000Z',
  ])
})

test('an hour that does not exist begins no bar', () => {
  const period = { from: new Date('2027-03-27T22:00:00Z'), to: new Date('2027-03-28T04:00:00Z') }
  const starts = listBucketStarts(period, { unit: 'step', lengthMs: 3 * hourMs, timeZone: 'Europe/Helsinki' })
  expect(starts.map((start) => start.toISOString())).toEqual([
    '2027-03-27T22:00:00.000Z',
    '2027-03-28T01:00:00.000Z',
    '2027-03-28T03:00:00.000Z',
  ])
})

test('a week begins on Monday', () => {
  const bucket = { unit: 'week', lengthMs: 168 * hourMs, timeZone: 'UTC' } as const
  const starts = listBucketStarts(
    { from: new Date('2026-11-22T00:00:00Z'), to: new Date('2026-11-24T00:00:00Z') },
    bucket,
  )
  expect(starts.map((start) => start.toISOString())).toEqual(['2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'])
})

test('the end of a bucket is the start of the next', () => {
  const bucket = { unit: 'step', lengthMs: hourMs, timeZone: 'UTC' } as const
  expect(nextStart(new Date('2026-11-22T12:00:00Z'), bucket).toISOString()).toBe('2026-11-22T13:00:00.000Z')
})
