import { expect, test, vi } from 'vitest'
import { instantSchema, longestRangeMs, readInstant, readTimeRange, readTimeZone } from './time-range'

const now = new Date('2026-11-22T12:00:00.000Z')

test('a relative instant counts back from now', () => {
  expect(readInstant('-15m', now)?.toISOString()).toBe('2026-11-22T11:45:00.000Z')
  expect(readInstant('-6h', now)?.toISOString()).toBe('2026-11-22T06:00:00.000Z')
  expect(readInstant('-30d', now)?.toISOString()).toBe('2026-10-23T12:00:00.000Z')
  expect(readInstant('now', now)).toBe(now)
})

test('an ISO instant is taken as written, anything else is refused', () => {
  expect(readInstant('2026-11-01T00:00:00Z', now)?.toISOString()).toBe('2026-11-01T00:00:00.000Z')
  for (const text of ['', 'yesterday', '1', '-1y', '2026-99-99', '--1h']) expect(readInstant(text, now)).toBeNull()
})

test('an instant without a zone is of UTC, whatever the zone of the machine', () => {
  vi.stubEnv('TZ', 'America/New_York')
  for (const text of ['2026-11-01', '2026-11-01T00:00', '2026-11-01 00:00:00.000', '2026-11-01T01:00+01:00'])
    expect(readInstant(text, now)?.toISOString()).toBe('2026-11-01T00:00:00.000Z')
  vi.unstubAllEnvs()
  for (const text of ['2026-11-01 (midnight)', '2026-11-01T00:00:00 01:00']) expect(readInstant(text, now)).toBeNull()
})

test('a range keeps its relative spelling', () => {
  expect(readTimeRange({ from: '-1h' }, now)).toEqual({
    from: new Date('2026-11-22T11:00:00.000Z'),
    to: now,
    written: { from: '-1h', to: 'now' },
  })
})

test('an unusable or backward range becomes the last 24 hours', () => {
  const lastDay = readTimeRange({}, now)
  expect(lastDay.from.toISOString()).toBe('2026-11-21T12:00:00.000Z')
  expect(readTimeRange({ from: 'soon' }, now)).toEqual(lastDay)
  expect(readTimeRange({ from: '2026-11-23T00:00:00Z', to: '2026-11-22T00:00:00Z' }, now)).toEqual(lastDay)
})

test('a range is never longer than 400 days', () => {
  const range = readTimeRange({ from: '2016-01-01T00:00:00Z' }, now)
  expect(range.to.getTime() - range.from.getTime()).toBe(longestRangeMs)
})

test('the query schema names what it wants', () => {
  expect(instantSchema.safeParse('2026-11-22T00:00:00Z').data).toEqual(new Date('2026-11-22T00:00:00Z'))
  expect(instantSchema.safeParse('soon').error?.issues[0]?.message).toContain('-24h')
})

test('an unknown time zone becomes UTC', () => {
  expect(readTimeZone('Europe/Paris')).toBe('Europe/Paris')
  expect(readTimeZone('Mars/Base')).toBe('UTC')
  expect(readTimeZone(undefined)).toBe('UTC')
})
