import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryBurners, queryHeatMap, queryTimeline } from './query-window-detail'
import { queryWindows } from './query-windows'
import { noteUpstreamLimits, writeUpstreamLimits } from './upstream-limits'

let database: TestDatabase
const now = new Date('2026-11-22T12:20:00.000Z')
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const mine = (minutes: number, columns: Record<string, unknown> = {}) =>
  aRequest(minutesAgo(minutes), { account_id: 'acc_mine', ...columns })

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(
    `INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4) VALUES ($1, 'acc_mine', 'Mine', 'oauth', '', 'abcd')`,
    [newId()],
  )
  await database.pool.query('CREATE TABLE api_requests_any PARTITION OF api_requests DEFAULT')
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE api_requests, usage_hours, account_limits, account_windows'))

/** The upstream says so many minutes ago: this share of the window is used, and it resets in so many minutes. */
async function upstreamSays(window: string, [utilization, resetsInMinutes, agoMinutes]: [number, number, number]) {
  const reset = Math.round(now.getTime() / 1000) + resetsInMinutes * 60
  noteUpstreamLimits(
    'acc_mine',
    [
      [`anthropic-ratelimit-unified-${window}-status`, 'allowed'],
      [`anthropic-ratelimit-unified-${window}-utilization`, String(utilization)],
      [`anthropic-ratelimit-unified-${window}-reset`, String(reset)],
    ],
    minutesAgo(agoMinutes).getTime(),
  )
  await writeUpstreamLimits()
}

async function fiveHours() {
  const account = (await queryWindows(now)).find(({ accountId }) => accountId === 'acc_mine')
  return account?.windows.find(({ window }) => window === '5h')
}

test('an account nobody told about shows our own count and no share', async () => {
  await insertRequests([mine(10, { cost_micro_usd: 5_000 }), mine(400)])
  await rollUpInserted()
  const window = await fiveHours()
  expect(window).toMatchObject({ utilization: null, source: null, exhaustion: null })
  expect(window?.rolling).toMatchObject({ requests: 1, costMicroUsd: 5_000 })
})

test('the share is what the upstream said, with its age', async () => {
  await upstreamSays('5h', [0.4, 120, 34])
  expect(await fiveHours()).toMatchObject({
    utilization: 0.4,
    source: 'upstream',
    asOfMs: minutesAgo(34).getTime(),
    resetsAtMs: minutesAgo(-120).getTime(),
  })
})

test('a word that comes late does not replace a newer one', async () => {
  await upstreamSays('5h', [0.5, 120, 1])
  await upstreamSays('5h', [0.3, 120, 9])
  expect((await fiveHours())?.utilization).toBe(0.5)
})

test('the rest of a window divided by the pace is the time until it is used up', async () => {
  // 1.2 dollars in the window so far were half of it, and the pace is two cents a minute.
  await insertRequests(Array.from({ length: 60 }, (_, index) => mine(index + 0.5, { cost_micro_usd: 20_000 })))
  await rollUpInserted()
  await upstreamSays('5h', [0.5, 120, 0])
  const { exhaustion } = (await fiveHours()) ?? {}
  const minutes = ((exhaustion?.at ?? 0) - now.getTime()) / 60_000
  expect(minutes).toBeGreaterThan(50)
  expect(minutes).toBeLessThan(75)
})

test('after its reset a window is our own estimate, at the rate the last one had', async () => {
  await insertRequests([mine(200, { cost_micro_usd: 100_000 }), mine(20, { cost_micro_usd: 50_000 })])
  await rollUpInserted()
  await upstreamSays('5h', [0.8, -60, 100])
  expect(await fiveHours()).toMatchObject({ utilization: expect.closeTo(0.4), source: 'estimate', resetsAtMs: null })
})

test('other limits of the upstream stay as they were said', async () => {
  noteUpstreamLimits(
    'acc_mine',
    [
      ['anthropic-ratelimit-input-tokens-limit', '1000'],
      ['anthropic-ratelimit-input-tokens-remaining', '250'],
    ],
    now.getTime(),
  )
  await writeUpstreamLimits()
  const [account] = await queryWindows(now)
  expect(account?.otherLimits).toMatchObject([
    { window: 'input-tokens', utilization: 0.75, amount: 1000, remaining: 250 },
  ])
})

test('the timeline has known and guessed windows with what was used in each', async () => {
  await insertRequests([
    mine(10, { input_tokens: 3 }),
    mine(60, { input_tokens: 4 }),
    mine(60 * 20, { input_tokens: 50 }),
  ])
  await rollUpInserted()
  await upstreamSays('5h', [0.2, 90, 10])
  const timeline = await queryTimeline('acc_mine', now)
  expect(
    timeline.map(({ fromMs, source, usage }) => [new Date(fromMs).toISOString(), source, usage.inputTokens]),
  ).toEqual([
    ['2026-11-21T16:00:00.000Z', 'estimate', 50],
    ['2026-11-22T08:50:00.000Z', 'upstream', 7],
  ])
})

test('the heat map is in the time zone of the reader', async () => {
  await insertRequests([mine(10, { cost_micro_usd: 7 })])
  await rollUpInserted()
  const week = await queryHeatMap('acc_mine', { now, timeZone: 'Asia/Tokyo' })
  expect(week[6]?.[21]).toBe(7)
  expect(week.flat().reduce((sum, cost) => sum + cost, 0)).toBe(7)
})

test('who burns a window is told by domain, key and conversation', async () => {
  const conversationId = newId()
  await insertRequests([
    mine(10, { cost_micro_usd: 900, conversation_id: conversationId }),
    mine(20, { cost_micro_usd: 100, cost_confidence: 'estimated' }),
    mine(400, { cost_micro_usd: 5_000 }),
  ])
  await rollUpInserted()
  const question = { accountId: 'acc_mine', from: minutesAgo(300), to: now }
  const { keys, conversations } = await queryBurners(question)
  expect(keys).toMatchObject([{ domain: 'team-a.example.com', requests: 2, costMicroUsd: 1_000, estimatedRequests: 1 }])
  expect(conversations).toMatchObject([{ conversationId, requests: 1, costMicroUsd: 900, estimatedRequests: 0 }])
})
