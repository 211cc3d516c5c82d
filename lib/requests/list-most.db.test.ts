import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { listRequests } from './list-requests'
import type { RequestSort } from './request-filter'

/** The list of requests in another order than by time. */

let database: TestDatabase
const start = Date.parse('2026-11-22T10:00:00.000Z')

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Recorded in this order, a minute apart; answers their ids. */
async function recordAll(model: string, columns: readonly Record<string, unknown>[]): Promise<string[]> {
  const rows = columns.map((one, index) => aRequest(new Date(start + index * 60_000), { model, ...one }))
  await insertRequests(rows)
  return rows.map((row) => row.request_id)
}

test.each<[RequestSort, Record<string, unknown>[]]>([
  ['cost', [{ cost_micro_usd: 9_000 }, { cost_micro_usd: 8_000 }, { cost_micro_usd: null }]],
  ['tokens', [{ cache_read_input_tokens: 9_000 }, { output_tokens: 8_000 }, { input_tokens: null }]],
  ['duration', [{ response_time_ms: 9_000 }, { response_time_ms: 8_000 }, { response_time_ms: null }]],
])('by %s the most comes first, and what is not known last', async (sort, columns) => {
  const model = `by-${sort}`
  const ids = await recordAll(model, columns)
  const { requests } = await listRequests({ model: [model] }, { limit: 50, sort })
  expect(requests.map((request) => request.requestId)).toEqual(ids)
})

test('another order than by time compares the newest alone, and says so', async () => {
  const costs = [3_000, 1_000, 2_000]
  const [, cheap, dear] = await recordAll(
    'cut',
    costs.map((cost_micro_usd) => ({ cost_micro_usd })),
  )
  const page = await listRequests({ model: ['cut'] }, { limit: 2, sort: 'cost', mostSearched: 2 })
  expect(page.requests.map((request) => request.requestId)).toEqual([dear, cheap])
  expect(page).toMatchObject({ isCut: true, pagination: { nextCursor: null } })
})
