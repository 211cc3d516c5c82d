import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryErrors } from './query-errors'
import { queryFirstByte } from './query-first-byte'

let database: TestDatabase
const start = Date.parse('2026-11-22T10:00:00.000Z')
const minutes = (count: number) => new Date(start + count * 60_000)
const bucket = { unit: 'step', lengthMs: 600_000, timeZone: 'UTC' } as const
const period = { from: minutes(0), to: minutes(60), bucket }

const failed = { status: 529, outcome: 'upstream_error', error_type: 'overloaded_error', first_byte_ms: null }
const errors = [
  aRequest(minutes(30), failed),
  aRequest(minutes(31), failed),
  aRequest(minutes(32), { ...failed, status: 500, error_type: 'api_error' }),
]

beforeAll(async () => {
  database = await createTestDatabase()
  const answered = Array.from({ length: 100 }, (_, index) =>
    aRequest(minutes(index / 10), { first_byte_ms: index + 1 }),
  )
  await insertRequests([
    ...answered,
    aRequest(minutes(15), { domain: 'team-b.example.com', first_byte_ms: 5_000 }),
    ...errors,
  ])
})
afterAll(() => database.drop())

test('p95 is taken over every answered request of the period', async () => {
  const times = await queryFirstByte({ ...period, domains: ['team-a.example.com'] })
  expect(times.sampled).toBe(100)
  expect(times.p95Ms).toBeCloseTo(95.05, 1)
})

test('each bucket has its own p95, and a bucket without answers has none', async () => {
  const { buckets } = await queryFirstByte(period)
  expect(buckets.map((one) => one.start.toISOString())).toEqual([
    '2026-11-22T10:00:00.000Z',
    '2026-11-22T10:10:00.000Z',
  ])
  expect(buckets[1]?.p95Ms).toBe(5_000)
})

test('a request whose id is of the period and which came a moment before it counts in the first bucket', async () => {
  const early = aRequest(minutes(240), { created_at: new Date(minutes(240).getTime() - 3), first_byte_ms: 7 })
  await insertRequests([early])
  const { buckets } = await queryFirstByte({ ...period, from: minutes(240), to: minutes(300) })
  expect(buckets).toEqual([{ start: minutes(240), p95Ms: 7 }])
})

test('a period without requests has no p95', async () => {
  expect(await queryFirstByte({ ...period, from: minutes(-60), to: minutes(-30) })).toEqual({
    p95Ms: null,
    buckets: [],
    sampled: 0,
    isSample: false,
  })
})

test('errors are grouped by type and status, the latest first, with a request to look at', async () => {
  const groups = await queryErrors({ from: period.from, to: period.to })
  expect(groups.map((group) => [group.errorType, group.status, group.count, group.lastRequestId])).toEqual([
    ['api_error', 500, 1, errors[2]?.request_id],
    ['overloaded_error', 529, 2, errors[1]?.request_id],
  ])
})
