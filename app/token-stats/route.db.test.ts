import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { changeEnv } from '@/lib/testing/change-env'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET } from './route'

let database: TestDatabase
let restoreEnv = () => {}
const key = 'a-dashboard-key-of-some-length'

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([aRequest(new Date()), aRequest(new Date(), { domain: 'team-b.example.com' })])
  await rollUpInserted()
})
afterEach(() => restoreEnv())
afterAll(() => database.drop())

const call = (query = '', headers: Record<string, string> = {}) => {
  restoreEnv = changeEnv({ DASHBOARD_API_KEY: key })
  return GET(new Request(`http://localhost/token-stats${query}`, { headers }), { params: Promise.resolve({}) })
}

test('the dashboard key reads all domains', async () => {
  const response = await call('', { 'x-dashboard-key': key })
  expect(Object.keys((await response.json()) as object)).toEqual(['team-a.example.com', 'team-b.example.com'])
})

test('domain narrows to one', async () => {
  const response = await call('?domain=team-b.example.com', { authorization: `Bearer ${key}` })
  expect(await response.json()).toEqual({
    'team-b.example.com': expect.objectContaining({ total_requests: 1 }) as unknown,
  })
})

test('no key is 401, a wrong key 403', async () => {
  expect((await call()).status).toBe(401)
  expect((await call('', { 'x-dashboard-key': 'wrong' })).status).toBe(403)
})
