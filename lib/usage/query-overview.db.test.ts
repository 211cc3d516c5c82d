import { afterAll, beforeAll, expect, test } from 'vitest'
import { hotPool } from '@/lib/db'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { chooseBucket } from '@/lib/time-buckets'
import { queryOverview, type OverviewPeriod } from './query-overview'

let database: TestDatabase
const now = new Date('2026-11-22T12:20:00.000Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

const period = (hours: number, more: Partial<OverviewPeriod> = {}): OverviewPeriod => {
  const ends = { from: hoursAgo(hours), to: now }
  return { ...ends, bucket: chooseBucket(ends, 'UTC'), ...more }
}
const totalOf = async (wanted: OverviewPeriod) =>
  (await queryOverview(wanted)).slices.reduce((sum, slice) => sum + slice.requests, 0)

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([
    aRequest(hoursAgo(0.1), { model: 'claude-haiku-5-5', cost_micro_usd: 50 }),
    aRequest(hoursAgo(0.2), {
      status: 529,
      outcome: 'upstream_error',
      cost_micro_usd: null,
      cost_confidence: 'unpriced',
    }),
    aRequest(hoursAgo(5), { outcome: 'client_aborted', cost_confidence: 'estimated' }),
    aRequest(hoursAgo(23.9), { domain: 'team-b.example.com' }),
    aRequest(hoursAgo(24.1)),
    aRequest(hoursAgo(30)),
    aRequest(hoursAgo(60)),
  ])
  await rollUpInserted()
})
afterAll(() => database.drop())

test('the last 24 hours begin and end to the minute, though the roll-up knows only hours', async () => {
  expect(await totalOf(period(24))).toBe(4)
})

test('the period before has the same length and ends where this one begins', async () => {
  expect((await queryOverview(period(24))).previous.requests).toBe(2)
})

test('a short period is cut by minutes', async () => {
  const { slices } = await queryOverview(period(1))
  expect(slices.map((slice) => [slice.start.toISOString(), slice.model, slice.requests, slice.errors])).toEqual([
    ['2026-11-22T12:08:00.000Z', 'claude-opus-5-5', 1, 1],
    ['2026-11-22T12:14:00.000Z', 'claude-haiku-5-5', 1, 0],
  ])
})

test('what is unpriced or estimated is counted, so that a total can be marked', async () => {
  const { slices } = await queryOverview(period(6))
  const sum = (name: 'unpricedRequests' | 'estimatedRequests' | 'costMicroUsd') =>
    slices.reduce((total, slice) => total + slice[name], 0)
  expect([sum('unpricedRequests'), sum('estimatedRequests'), sum('costMicroUsd')]).toEqual([1, 1, 1_050])
})

test('a client that went away is not an error', async () => {
  const { slices } = await queryOverview(period(6))
  expect(slices.reduce((total, slice) => total + slice.errors, 0)).toBe(1)
})

test('one domain can be looked at alone', async () => {
  expect(await totalOf(period(24, { domains: ['team-b.example.com'] }))).toBe(1)
})

test('days are those of the time zone', async () => {
  const bucket = { unit: 'day', lengthMs: 86_400_000, timeZone: 'Asia/Tokyo' } as const
  const { slices } = await queryOverview(period(72, { bucket }))
  expect([...new Set(slices.map((slice) => slice.start.toISOString()))]).toEqual([
    '2026-11-19T15:00:00.000Z',
    '2026-11-20T15:00:00.000Z',
    '2026-11-21T15:00:00.000Z',
  ])
})

test('recording began with the first recorded hour', async () => {
  expect((await queryOverview(period(1))).firstRecordedAt?.toISOString()).toBe('2026-11-20T00:00:00.000Z')
})

test('a short period before keeps its figures when retention has dropped its requests', async () => {
  await hotPool().query('DELETE FROM api_requests WHERE created_at < $1', [hoursAgo(23)])
  const ends = { from: hoursAgo(25), to: hoursAgo(19) }
  expect((await queryOverview({ ...ends, bucket: chooseBucket(ends, 'UTC') })).previous.requests).toBe(1)
})
