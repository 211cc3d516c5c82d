import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryUsage, queryUsageTotal, type UsageQuestion } from './query-usage'
import { listUsageStarts, type BucketName } from './usage-buckets'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(empty)

const hourMs = 3_600_000

async function empty() {
  await database.pool.query('TRUNCATE api_requests, usage_hours')
}

async function record(rows: readonly { at: Date; inputTokens?: number; [column: string]: unknown }[]) {
  await insertRequests(
    rows.map(({ at, inputTokens, ...columns }) => aRequest(at, { input_tokens: inputTokens ?? 1, ...columns })),
  )
  await rollUpInserted()
}

const cut = (from: Date, to: Date, [bucket, timeZone]: [BucketName, string]) => ({
  ...{ from, to, starts: listUsageStarts(bucket, { from, to }, timeZone) },
  ...{ filter: {}, groupBy: null },
})

async function tokensByBucket(question: UsageQuestion): Promise<Record<string, number>> {
  const { cells } = await queryUsage(question)
  return Object.fromEntries(cells.map((cell) => [question.starts[cell.bucket]?.toISOString(), cell.inputTokens]))
}

/** The calendar day on which people in that zone see the instant. */
function localDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}

const zones: [string, string][] = [
  ['UTC', '2028-02-29T00:00:00Z'],
  ['Europe/Paris', '2027-03-28T01:00:00Z'],
  ['America/New_York', '2027-11-07T06:00:00Z'],
  ['Asia/Kolkata', '2026-12-31T18:30:00Z'],
  ['Asia/Kathmandu', '2027-01-10T18:15:00Z'],
  ['Pacific/Chatham', '2027-04-03T14:00:00Z'],
  ['Africa/Cairo', '2027-04-29T22:00:00Z'],
]

test.each(zones)('every token of %s is counted in exactly the day it was used on', async (timeZone, around) => {
  const middleMs = new Date(around).getTime()
  const aRow = fc.record({
    offsetMs: fc.oneof(
      fc.integer({ min: -60 * hourMs, max: 60 * hourMs }),
      // Close to midnights and clock changes, where mistakes are made.
      fc
        .tuple(fc.integer({ min: -10, max: 10 }), fc.integer({ min: -2, max: 2 }))
        .map(([quarters, ms]) => quarters * 900_000 + ms),
    ),
    inputTokens: fc.integer({ min: 1, max: 1_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(aRow, { minLength: 1, maxLength: 25 }), async (rows) => {
      await empty()
      const made = rows.map(({ offsetMs, inputTokens }) => ({ at: new Date(middleMs + offsetMs), inputTokens }))
      await record(made)
      const wanted: Record<string, number> = {}
      for (const { at, inputTokens } of made) {
        const day = localDay(at, timeZone)
        wanted[day] = (wanted[day] ?? 0) + inputTokens
      }
      const question = cut(new Date(middleMs - 61 * hourMs), new Date(middleMs + 61 * hourMs), ['day', timeZone])
      const found = await tokensByBucket(question)
      // The first bucket may begin before the period; its day is that of any instant inside.
      const days = Object.entries(found).map(([start, tokens]) => [localDay(new Date(start), timeZone), tokens])
      expect(Object.fromEntries(days)).toEqual(wanted)
    }),
    { numRuns: 8 },
  )
})

test('a day on which clocks change has 23 or 25 hours', async () => {
  const starts = listUsageStarts(
    'day',
    { from: new Date('2027-03-27T23:00:00Z'), to: new Date('2027-03-29T22:00:00Z') },
    'Europe/Paris',
  )
  expect(starts.map((start) => start.toISOString())).toEqual(['2027-03-27T23:00:00.000Z', '2027-03-28T22:00:00.000Z'])
  const autumn = listUsageStarts(
    'day',
    { from: new Date('2027-10-30T22:00:00Z'), to: new Date('2027-11-01T00:00:00Z') },
    'Europe/Paris',
  )
  expect(autumn.map((start) => start.toISOString())).toEqual(['2027-10-30T22:00:00.000Z', '2027-10-31T23:00:00.000Z'])
})

test('a week begins on Monday of the time zone', async () => {
  await record([{ at: new Date('2026-11-22T18:10:00Z') }, { at: new Date('2026-11-22T18:20:00Z'), inputTokens: 2 }])
  const question = cut(new Date('2026-11-20T00:00:00Z'), new Date('2026-11-24T00:00:00Z'), ['week', 'Asia/Kathmandu'])
  expect(await tokensByBucket(question)).toEqual({ '2026-11-15T18:15:00.000Z': 1, '2026-11-22T18:15:00.000Z': 2 })
})

test('a period ends to the millisecond, not to the hour', async () => {
  await record([
    { at: new Date('2026-11-22T08:59:59.999Z') },
    { at: new Date('2026-11-22T09:07:00.000Z'), inputTokens: 10 },
    { at: new Date('2026-11-22T12:07:00.000Z'), inputTokens: 100 },
    { at: new Date('2026-11-22T14:06:59.999Z'), inputTokens: 1_000 },
    { at: new Date('2026-11-22T14:07:00.000Z'), inputTokens: 10_000 },
  ])
  const total = await queryUsageTotal({
    from: new Date('2026-11-22T09:07:00Z'),
    to: new Date('2026-11-22T14:07:00Z'),
    filter: {},
  })
  expect(total.inputTokens).toBe(1_110)
})

test('hours whose requests retention has dropped still count, where they begin', async () => {
  await record([
    { at: new Date('2026-11-01T18:40:00Z'), inputTokens: 5 },
    { at: new Date('2026-11-03T18:40:00Z'), inputTokens: 7 },
  ])
  await database.pool.query(`DELETE FROM api_requests WHERE created_at < '2026-11-02'`)
  const days = cut(new Date('2026-10-31T18:30:00Z'), new Date('2026-11-04T18:30:00Z'), ['day', 'Asia/Kolkata'])
  expect(await tokensByBucket(days)).toEqual({
    '2026-10-31T18:30:00.000Z': 5,
    '2026-11-03T18:30:00.000Z': 7,
  })
})

test('they count also when no request is left', async () => {
  await record([{ at: new Date('2026-11-01T18:40:00Z'), inputTokens: 5 }])
  await database.pool.query('DELETE FROM api_requests')
  const days = cut(new Date('2026-10-31T18:30:00Z'), new Date('2026-11-04T18:30:00Z'), ['day', 'Asia/Kolkata'])
  expect(await tokensByBucket(days)).toEqual({ '2026-10-31T18:30:00.000Z': 5 })
})

test('groups beyond the largest are one group more', async () => {
  const at = new Date('2026-11-22T09:30:00Z')
  await record([
    { at, model: 'a', cost_micro_usd: 30 },
    { at, model: 'b', cost_micro_usd: 20 },
    { at, model: 'c', cost_micro_usd: 10 },
    { at, model: null, cost_micro_usd: 1 },
  ])
  const { cells, groupCount } = await queryUsage({
    ...cut(new Date('2026-11-22T00:00:00Z'), new Date('2026-11-23T00:00:00Z'), ['total', 'UTC']),
    groupBy: 'model',
    top: { count: 2, by: 'costMicroUsd' },
  })
  expect(groupCount).toBe(4)
  expect(cells.map(({ group, costMicroUsd }) => [group, costMicroUsd])).toEqual([
    ['a', 30],
    ['b', 20],
    [null, 11],
  ])
})

test('filters choose and exclude, and `none` names the calls without one', async () => {
  const at = new Date('2026-11-22T09:30:00Z')
  await record([
    { at, model: 'a' },
    { at, model: 'b', inputTokens: 2 },
    { at, model: null, inputTokens: 4 },
  ])
  const period = { from: new Date('2026-11-22T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') }
  const tokens = async (model: string[]) => (await queryUsageTotal({ ...period, filter: { model } })).inputTokens
  expect(await Promise.all([tokens(['a', 'b']), tokens(['!b']), tokens(['none']), tokens(['!none'])])).toEqual([
    3, 5, 4, 3,
  ])
})
