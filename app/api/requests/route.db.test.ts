import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET } from './route'

let database: TestDatabase
let cookie: string
const request = aRequest(new Date('2026-11-22T10:00:00.000Z'))

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([request])
  cookie = await signIn('viewer')
})
afterAll(() => database.drop())

const call = (query: string, headers: Record<string, string> = { cookie }) =>
  GET(new Request(`http://localhost/api/requests?${query}`, { headers }), { params: Promise.resolve({}) })

test('a viewer lists requests, 50 at a time', async () => {
  const response = await call('')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    requests: [expect.objectContaining({ requestId: request.request_id, costUsd: '0.001000' })],
    pagination: { limit: 50, nextCursor: null },
  })
})

test('ids of a filter are read in either case', async () => {
  const conversationId = '019A0000-0000-7000-8000-00000000ABCD'
  await insertRequests([aRequest(new Date(), { conversation_id: conversationId.toLowerCase() })])
  const response = await call(`conversationId=${conversationId}`)
  expect(await response.json()).toMatchObject({ requests: [{ conversationId: conversationId.toLowerCase() }] })
})

test('nobody lists requests without a login', async () => {
  expect((await call('', {})).status).toBe(401)
})

test.each([
  'limit=0',
  'limit=1000000000',
  'cursor=1',
  'q=ab',
  'status=x',
  'from=soon',
  'conversationId=1',
  'domain=a%00b',
])('400 for %s names the field', async (query) => {
  const response = await call(query)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ details: { fields: [{ field: query.split('=')[0] }] } })
})

test('a search made of wildcards is answered in time', async () => {
  const startedAt = performance.now()
  expect((await call(`q=${encodeURIComponent('%'.repeat(64))}`)).status).toBe(200)
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})
