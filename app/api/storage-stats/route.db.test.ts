import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET } from './route'

let database: TestDatabase
let cookie: string
const domainId = '01a2008d-7400-7000-8000-00000000000a'
const request = aRequest(new Date(), { request_bytes: 1_000, response_bytes: 500 })

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests([request])
  await rollUpInserted()
  await database.pool.query('CREATE TABLE request_bodies_any PARTITION OF request_bodies DEFAULT')
  await database.pool.query('INSERT INTO request_bodies (request_id, domain_id) VALUES ($1, $2)', [
    request.request_id,
    domainId,
  ])
  await database.pool.query(
    "INSERT INTO blocks (domain_id, hash, codec, raw_bytes, bytes, last_seen_on) VALUES ($1, '\\x01', 0, 10, '\\x02', current_date)",
    [domainId],
  )
  cookie = await signIn('viewer')
})
afterAll(() => database.drop())

const call = (headers: Record<string, string>) =>
  GET(new Request('http://localhost/api/storage-stats', { headers }), { params: Promise.resolve({}) })

test('logical bytes stand against what the disk holds', async () => {
  const stats = (await (await call({ cookie })).json()) as Record<string, number>
  expect(stats).toMatchObject({ requests: 1, blocks: 1, logicalBytes: 1_500, journalBytes: 0, isEstimated: false })
  expect(stats.storedBytes).toBeGreaterThan(8_192)
})

test('nobody reads storage figures without a login', async () => {
  expect((await call({})).status).toBe(401)
})
