import { expect, test } from 'vitest'
import { bodyDaysOf, expiryOf, keptDays, keptFrom } from './expiry'
import { nextSweepAt, pauseAfterSample } from './keep-swept'

const policy = (bodyDays: number | null, rowDays: number | null) => ({ domainId: 'a', domain: 'a', bodyDays, rowDays })

test.each([
  [policy(null, null), 0, 0],
  [policy(null, null), 30, 30],
  [policy(7, null), 30, 7],
  [policy(90, 30), 0, 30],
  [policy(0, 30), 0, 30],
  [policy(0, 0), 30, 0],
])('bodies of %j with a default of %i days are kept for %i days', (given, fallback, days) => {
  expect(bodyDaysOf(given, fallback)).toBe(days)
})

test('a week expires as a whole, when its last day is due', () => {
  const wednesday = Date.parse('2026-11-25T12:00:00Z')
  expect(keptFrom(7, wednesday)?.toISOString()).toBe('2026-11-16T00:00:00.000Z')
  expect(keptFrom(0, wednesday)).toBeNull()
  const kept = keptDays([policy(7, null)], 'bodies', 0)
  const expiredAt = (end: string) => expiryOf(kept, Date.parse(end), wednesday).expiredIds
  expect(expiredAt('2026-11-16T00:00:00Z')).toEqual(['a'])
  expect(expiredAt('2026-11-23T00:00:00Z')).toEqual([])
})

test('the night’s sweep begins at three, UTC', () => {
  expect(nextSweepAt(Date.parse('2026-11-25T02:59:59Z')).toISOString()).toBe('2026-11-25T03:00:00.000Z')
  expect(nextSweepAt(Date.parse('2026-11-25T03:00:00Z')).toISOString()).toBe('2026-11-26T03:00:00.000Z')
})

test('measuring the storage takes a hundredth of the time at most', () => {
  expect(pauseAfterSample(900)).toBe(3_600_000)
  expect(pauseAfterSample(60_000)).toBe(6_000_000)
})
