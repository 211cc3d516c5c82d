import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { listFilterOptions } from './list-filter-options'
import { queryUpstreamErrors } from './query-upstream-errors'

let database: TestDatabase
const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour, 30))
const keyId = newId()

beforeAll(async () => {
  database = await createTestDatabase()
  const domainId = newId()
  await database.pool.query("INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')", [domainId])
  await database.pool.query(
    "INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4) VALUES ($1, $2, 'laptop', '\\x01', 'cnp_live_', 'abcd')",
    [keyId, domainId],
  )
  await insertRequests([
    aRequest(at(10), { client_key_id: keyId, account_id: 'acc_1' }),
    aRequest(at(11), { domain: 'team-b.example.com', kind: 'title', model: null }),
    aRequest(at(11), { domain: 'team-b.example.com', status: 529, outcome: 'completed' }),
    aRequest(at(12), { domain_id: null, domain: 'stranger', outcome: 'rejected', status: 401 }),
    aRequest(at(2), { domain: 'yesterday.example.com' }),
  ])
  await rollUpInserted()
})
afterAll(() => database.drop())

test('filters offer what the period has, most used first, keys by their name', async () => {
  const options = await listFilterOptions({ from: at(10), to: at(13) })
  expect(options.domain.map(({ value, requests }) => [value, requests])).toEqual([
    ['team-b.example.com', 2],
    ['team-a.example.com', 1],
  ])
  expect(options.clientKeyId).toEqual([{ value: keyId, label: 'laptop …abcd', requests: 1 }])
  expect(options.model.map(({ value }) => value)).toEqual(['claude-opus-5-5'])
  expect(options.accountId.map(({ value }) => value)).toEqual(['acc_1'])
})

test('hundreds of client keys do not crowd out a domain of one request', async () => {
  await database.pool.query(
    `INSERT INTO usage_hours
     SELECT $1::timestamptz, domain, 'acc_1', gen_random_uuid(), 'claude-opus-5-5', 'chat', requests, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
     FROM (SELECT 'busy.example.com' AS domain, 2 AS requests FROM generate_series(1, 600)
           UNION ALL SELECT 'quiet.example.com', 1) AS used`,
    [at(20)],
  )
  const options = await listFilterOptions({ from: at(19), to: at(21) })
  expect(options.domain.map(({ value }) => value)).toEqual(['busy.example.com', 'quiet.example.com'])
  expect(options.clientKeyId).toHaveLength(601)
})

test('upstream errors are counted of what was sent on', async () => {
  expect(await queryUpstreamErrors(at(9))).toEqual({ forwarded: 3, failed: 1 })
  const refused = { status: 400, outcome: 'upstream_error', error_type: 'invalid_request_error' }
  const brokenOff = { status: 200, outcome: 'upstream_error', error_type: 'overloaded_error' }
  await insertRequests([aRequest(at(30), refused), aRequest(at(30), brokenOff)])
  expect(await queryUpstreamErrors(at(29))).toEqual({ forwarded: 2, failed: 1 })
})
