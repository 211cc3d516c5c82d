import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryStats } from './query-stats'
import { queryTokenStats } from './query-token-stats'

let database: TestDatabase
const start = Date.parse('2026-11-22T10:00:00.000Z')
const hours = (count: number) => new Date(start + count * 3_600_000)
const failed = {
  status: 500,
  outcome: 'upstream_error',
  model: null,
  cost_micro_usd: 0,
  input_tokens: null,
  output_tokens: null,
}
const stranger = {
  domain_id: null,
  domain: 'nobody.example.com',
  status: 401,
  outcome: 'rejected',
  model: null,
  input_tokens: null,
}

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([
    aRequest(hours(0.5), { response_time_ms: 1_000 }),
    aRequest(hours(1.5), { kind: 'title', model: 'claude-haiku-5-5', response_time_ms: 500 }),
    aRequest(hours(2.5), { ...failed, response_time_ms: 300, domain: 'team-b.example.com' }),
    aRequest(hours(3.5), stranger),
    aRequest(hours(30)),
    aRequest(hours(40), { domain: 'team-b.example.com', cost_micro_usd: null, cost_confidence: 'unpriced' }),
    aRequest(hours(42), { domain: 'team-b.example.com', cost_confidence: 'partial' }),
  ])
  await rollUpInserted()
})
afterAll(() => database.drop())

test('stats count a period of all domains', async () => {
  expect(await queryStats({ from: hours(0), to: hours(3) })).toEqual({
    totalRequests: 3,
    totalTokens: 30,
    totalInputTokens: 20,
    totalOutputTokens: 10,
    totalCacheCreationTokens: 0,
    totalCacheReadTokens: 300,
    averageResponseTime: 600,
    errorCount: 1,
    activeDomains: 2,
    requestsByModel: { 'claude-opus-5-5': 1, 'claude-haiku-5-5': 1, none: 1 },
    requestsByType: { chat: 2, title: 1 },
    costUsd: '0.002000',
    costConfidence: 'exact',
  })
})

test('a refused stranger is a request, and no domain', async () => {
  expect(await queryStats({ from: hours(3), to: hours(4) })).toMatchObject({ totalRequests: 1, activeDomains: 0 })
})

test('stats say where a price is missing, and where a cost is estimated', async () => {
  const costsOf = async (from: number) => {
    const { costUsd, costConfidence } = await queryStats({ from: hours(from), to: hours(from + 1) })
    return [costUsd, costConfidence]
  }
  expect(await costsOf(40)).toEqual([null, 'unpriced'])
  expect(await costsOf(42)).toEqual(['0.001000', 'estimated'])
})

test('stats of one domain leave the others out', async () => {
  expect(await queryStats({ from: hours(0), to: hours(3), domains: ['team-b.example.com'] })).toMatchObject({
    totalRequests: 1,
    errorCount: 1,
  })
})

test('a period without requests has no average', async () => {
  expect(await queryStats({ from: hours(-5), to: hours(-1) })).toMatchObject({
    totalRequests: 0,
    averageResponseTime: null,
    requestsByModel: {},
  })
})

test('token stats name every domain, all time, and leave strangers out', async () => {
  const stats = await queryTokenStats()
  expect(Object.keys(stats)).toEqual(['team-a.example.com', 'team-b.example.com'])
  expect(stats['team-a.example.com']).toEqual({
    total_requests: 3,
    total_input_tokens: 30,
    total_output_tokens: 15,
    total_cache_creation_tokens: 0,
    total_cache_read_tokens: 300,
    request_types: { chat: 2, title: 1 },
    models: { 'claude-opus-5-5': 2, 'claude-haiku-5-5': 1 },
  })
})

test('token stats of an unknown domain are empty', async () => {
  expect(await queryTokenStats('nobody.example.com')).toEqual({})
})
