import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { getNeighbours, listRequests } from './list-requests'
import { requestFilterSchema } from './request-filter'

let database: TestDatabase
const start = Date.parse('2026-11-22T10:00:00.000Z')
const minutes = (count: number) => new Date(start + count * 60_000)
const keyId = newId(start)

const requests = [
  aRequest(minutes(0), { model: 'claude-haiku-5-5', upstream_request_id: 'req_011AbC', client_key_id: keyId }),
  aRequest(minutes(1), { domain: 'team-b.example.com', status: 404, error_type: 'not_found_error' }),
  aRequest(minutes(2), { outcome: 'client_aborted', status: 200, cost_micro_usd: null, cost_confidence: 'unpriced' }),
  aRequest(minutes(3), {
    outcome: 'timeout',
    status: null,
    error_type: 'timeout_error',
    input_tokens: null,
    output_tokens: null,
  }),
  aRequest(minutes(4), {
    status: 529,
    outcome: 'upstream_error',
    error_type: 'overloaded_error',
    user_agent: 'tool/100%_sure',
  }),
]
const [haiku, missing, aborted, timeout, overloaded] = requests.map((request) => request.request_id)

beforeAll(async () => {
  database = await createTestDatabase()
  await insertRequests(requests)
  const domainId = newId()
  await database.pool.query("INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')", [domainId])
  await database.pool.query(
    "INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4) VALUES ($1, $2, 'Ada''s laptop', '\\x01', 'cnp_live_', 'abcd')",
    [keyId, domainId],
  )
})
afterAll(() => database.drop())

const idsOf = async (query: Record<string, string>) =>
  (await listRequests(requestFilterSchema.parse(query), { limit: 50 })).requests.map((request) => request.requestId)

test('the newest request comes first', async () => {
  expect(await idsOf({})).toEqual([overloaded, timeout, aborted, missing, haiku])
})

test('pages follow each other without gap or repetition', async () => {
  const first = await listRequests({}, { limit: 2 })
  expect(first.pagination).toEqual({ limit: 2, nextCursor: timeout })
  const second = await listRequests({}, { limit: 2, cursor: timeout })
  const third = await listRequests({}, { limit: 2, cursor: second.pagination.nextCursor ?? '' })
  expect([...second.requests, ...third.requests].map((request) => request.requestId)).toEqual([aborted, missing, haiku])
  expect(third.pagination.nextCursor).toBeNull()
})

test('a row carries the names, numbers and money of the API', async () => {
  const { requests: rows } = await listRequests({ q: haiku }, { limit: 1 })
  expect(rows[0]).toMatchObject({
    requestId: haiku,
    timestamp: '2026-11-22T10:00:00.000Z',
    domain: 'team-a.example.com',
    clientKeyId: keyId,
    clientKeyName: "Ada's laptop",
    streaming: true,
    inputTokens: 10,
    totalTokens: 15,
    costUsd: '0.001000',
    costConfidence: 'exact',
  })
})

test('an unpriced request has no cost, and unknown tokens stay unknown', async () => {
  const { requests: rows } = await listRequests({}, { limit: 5 })
  expect(rows.find((row) => row.requestId === aborted)?.costUsd).toBeNull()
  expect(rows.find((row) => row.requestId === timeout)?.totalTokens).toBeNull()
})

test.each([
  ['a domain', { domain: 'team-b.example.com' }, [missing]],
  ['one of several models', { model: 'claude-haiku-5-5,claude-x' }, [haiku]],
  ['all but one outcome', { outcome: '!completed' }, [overloaded, timeout, aborted]],
  ['an exact status', { status: '404' }, [missing]],
  ['a status class', { status: '5xx' }, [overloaded]],
  ['errors, which a client that went away is not', { status: 'error' }, [overloaded, timeout, missing]],
  ['what is no error', { status: 'ok' }, [aborted, haiku]],
  ['all but a status class, also without status', { status: '!2xx' }, [overloaded, timeout, missing]],
  ['a client key', { clientKeyId: keyId }, [haiku]],
  ['a period', { from: '2026-11-22T10:01:00Z', to: '2026-11-22T10:03:00Z' }, [aborted, missing]],
  ['an upstream id', { q: 'req_011AbC' }, [haiku]],
  ['a model, in any case', { q: 'HAIKU' }, [haiku]],
  ['a client, in any case', { q: 'TOOL/100' }, [overloaded]],
  ['a literal percent sign', { q: '100%_s' }, [overloaded]],
  ['a wildcard that matches nothing literally', { q: '%%%%' }, []],
  ['part of an id', { q: haiku?.slice(-12) ?? '' }, [haiku]],
])('the list narrows to %s', async (_name, query, expected) => {
  expect(await idsOf(query as Record<string, string>)).toEqual(expected)
})

test('a search goes through the record a part at a time and misses nothing', async () => {
  const found: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 5; page++) {
    const { requests: rows, pagination } = await listRequests({ q: 'haiku' }, { limit: 10, cursor, mostSearched: 2 })
    found.push(...rows.map((row) => row.requestId))
    cursor = pagination.nextCursor ?? undefined
    if (!cursor) break
  }
  expect([found, cursor]).toEqual([[haiku], undefined])
})

test('the neighbours of a request are within the filter', async () => {
  expect(await getNeighbours(timeout ?? '', {})).toEqual({ newerId: overloaded, olderId: aborted })
  expect(await getNeighbours(timeout ?? '', requestFilterSchema.parse({ status: 'error' }))).toEqual({
    newerId: overloaded,
    olderId: missing,
  })
  expect(await getNeighbours(haiku ?? '', {})).toEqual({ newerId: missing, olderId: null })
})

test('a stranger that named a domain as its host is no request of that domain, as in its figures', async () => {
  const [own, stranger] = [{}, { domain_id: null, outcome: 'rejected', status: 401 }].map((columns, index) =>
    aRequest(minutes(10 + index), { domain: 'team-c.example.com', ...columns }),
  )
  await insertRequests([own!, stranger!])
  expect(await idsOf({ domain: 'team-c.example.com' })).toEqual([own!.request_id])
  expect(await idsOf({ domain: '!team-c.example.com' })).toContain(stranger!.request_id)
  expect(await idsOf({ outcome: 'rejected' })).toEqual([stranger!.request_id])
})
