import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { changeEnv } from '@/lib/testing/change-env'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET as getCurrent } from './current/route'
import { GET as getDaily } from './daily/route'
import { GET as getTimeSeries } from './time-series/route'
import { GET as getUsage } from '../usage/route'

let database: TestDatabase
const now = new Date('2026-11-22T12:20:00.000Z')
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const key = 'a-dashboard-key-for-tests'

beforeAll(async () => {
  changeEnv({ DASHBOARD_API_KEY: key })
  vi.useFakeTimers({ now, toFake: ['Date'] })
  database = await createTestDatabase()
  const mine = { account_id: 'acc_mine' }
  await insertRequests([
    aRequest(minutesAgo(1), {
      ...mine,
      input_tokens: 100,
      output_tokens: 20,
      cache_creation_input_tokens: 7,
      cost_micro_usd: 1_500_000,
    }),
    aRequest(minutesAgo(299), { ...mine, model: 'claude-haiku-5-5', domain: 'team-b.example.com' }),
    aRequest(minutesAgo(301), mine),
    aRequest(minutesAgo(60 * 24), { ...mine, cost_micro_usd: null, cost_confidence: 'unpriced', model: 'claude-x' }),
    aRequest(minutesAgo(2), { account_id: 'acc_other' }),
  ])
  await rollUpInserted()
})
afterAll(async () => {
  vi.useRealTimers()
  await database.drop()
})

const context = { params: Promise.resolve({}) }
type Handler = (request: Request, given: typeof context) => Promise<Response>

async function ask(handler: Handler, query: string, headers: Record<string, string> = { 'x-dashboard-key': key }) {
  const response = await handler(new Request(`http://localhost:3000/api/anything?${query}`, { headers }), context)
  return { status: response.status, body: await response.json() }
}

test('the current window is the last five hours of one account, to the minute', async () => {
  const { status, body } = await ask(getCurrent, 'accountId=acc_mine')
  expect(status).toBe(200)
  expect(body).toEqual({
    accountId: 'acc_mine',
    domain: 'all',
    model: 'all',
    windowStart: '2026-11-22T07:20:00.000Z',
    windowEnd: '2026-11-22T12:20:00.000Z',
    totalInputTokens: 110,
    totalOutputTokens: 25,
    totalTokens: 135,
    totalRequests: 2,
    cacheCreationInputTokens: 7,
    cacheReadInputTokens: 200,
    costUsd: '1.501000',
    costConfidence: 'exact',
  })
})

test('the current window can be narrowed to a domain and a model', async () => {
  const { body } = await ask(
    getCurrent,
    'accountId=acc_mine&domain=team-b.example.com&model=claude-haiku-5-5&window=600',
  )
  expect(body).toMatchObject({ domain: 'team-b.example.com', model: 'claude-haiku-5-5', totalRequests: 1 })
})

test('a missing accountId is named', async () => {
  const { status, body } = await ask(getCurrent, '')
  expect([status, body.message]).toEqual([400, 'accountId: is required'])
})

test('an account that nobody knows is not found', async () => {
  expect((await ask(getCurrent, 'accountId=acc_nobody')).status).toBe(404)
})

test('without a key nobody reads figures, with a wrong one neither', async () => {
  for (const handler of [getCurrent, getDaily, getTimeSeries, getUsage]) {
    expect((await ask(handler, 'accountId=acc_mine', {})).status).toBe(401)
    expect((await ask(handler, 'accountId=acc_mine', { 'x-dashboard-key': 'wrong' })).status).toBe(403)
  }
})

test('days come newest first, by domain and model', async () => {
  const { body } = await ask(getDaily, 'accountId=acc_mine')
  const lines = body.usage.map((day: Record<string, unknown>) => [
    day.date,
    day.domain,
    day.model,
    day.totalRequests,
    day.costUsd,
  ])
  expect(lines).toEqual([
    ['2026-11-22', 'team-a.example.com', 'claude-opus-5-5', 2, '1.501000'],
    ['2026-11-22', 'team-b.example.com', 'claude-haiku-5-5', 1, '0.001000'],
    ['2026-11-21', 'team-a.example.com', 'claude-x', 1, null],
  ])
})

test('aggregated days have no model, and are those of the time zone', async () => {
  const { body } = await ask(getDaily, 'accountId=acc_mine&aggregate=true&tz=Pacific/Chatham')
  const lines = body.usage.map((day: Record<string, unknown>) => [
    day.date,
    day.domain,
    'model' in day,
    day.totalRequests,
  ])
  expect(lines).toEqual([
    ['2026-11-23', 'all', false, 1],
    ['2026-11-22', 'all', false, 3],
  ])
})

test('a time series has every step, also the empty ones', async () => {
  const { body } = await ask(getTimeSeries, 'accountId=acc_mine&window=1&interval=20')
  expect(body).toMatchObject({ accountId: 'acc_mine', windowHours: 1, intervalMinutes: 20 })
  expect(body.timeSeries.map((step: Record<string, unknown>) => [step.time, step.requests])).toEqual([
    ['2026-11-22T11:40:00.000Z', 0],
    ['2026-11-22T12:00:00.000Z', 1],
    ['2026-11-22T12:20:00.000Z', 0],
  ])
})

test('usage is told by bucket and group, and says where a price is missing', async () => {
  const { body } = await ask(getUsage, 'from=2026-11-21T00:00:00Z&to=2026-11-23T00:00:00Z&groupBy=account&bucket=day')
  const lines = body.buckets.map((cell: Record<string, unknown>) => [
    cell.start,
    cell.group,
    cell.requests,
    cell.costUsd,
    cell.costConfidence,
  ])
  expect(lines).toEqual([
    ['2026-11-21T00:00:00.000Z', 'acc_mine', 1, null, 'unpriced'],
    ['2026-11-22T00:00:00.000Z', 'acc_mine', 3, '1.502000', 'exact'],
    ['2026-11-22T00:00:00.000Z', 'acc_other', 1, '0.001000', 'exact'],
  ])
})

test('five-minute buckets of a month become coarser ones', async () => {
  const { body } = await ask(getUsage, 'from=-30d&bucket=5m')
  expect(body.bucket).toBe('6h')
})

test.each([
  ['from=-3650d', 'to: is at most 400 days after from'],
  ['from=now&to=-1h', 'to: is after from'],
  ['tz=Mars/Olympus', 'tz: is an IANA time zone such as Europe/Paris'],
  ['groupBy=nothing', 'groupBy: is domain, account, clientKey, model or kind'],
  [`model=${Array.from({ length: 21 }, (_, index) => index).join(',')}`, 'model: has at most 20 values'],
])('%s is refused with the field named', async (query, message) => {
  const { status, body } = await ask(getUsage, query)
  expect([status, body.message]).toEqual([400, message])
})
