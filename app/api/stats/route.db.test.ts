import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET } from './route'

let database: TestDatabase
let cookie: string
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([aRequest(hoursAgo(1)), aRequest(hoursAgo(30), { domain: 'team-b.example.com' })])
  await rollUpInserted()
  cookie = await signIn('viewer')
})
afterAll(() => database.drop())

const call = (query: string, headers: Record<string, string> = { cookie }) =>
  GET(new Request(`http://localhost/api/stats?${query}`, { headers }), { params: Promise.resolve({}) })

test('stats are of the last 24 hours unless told otherwise', async () => {
  expect(await (await call('')).json()).toMatchObject({ totalRequests: 1, totalTokens: 15, costUsd: '0.001000' })
})

test('since reaches further back, domain narrows', async () => {
  expect(await (await call('since=-3d')).json()).toMatchObject({ totalRequests: 2, activeDomains: 2 })
  expect(await (await call('since=-3d&domain=team-b.example.com')).json()).toMatchObject({ totalRequests: 1 })
})

test('nobody reads stats without a login', async () => {
  expect((await call('', {})).status).toBe(401)
})

test('400 names a bad since', async () => {
  const response = await call('since=yesterday')
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ details: { fields: [{ field: 'since' }] } })
})
