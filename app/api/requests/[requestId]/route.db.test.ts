import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { prisma } from '@/lib/prisma'
import { openRecorder } from '@/lib/recorder/recorder'
import { signIn } from '@/lib/testing/call-route'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { aBegin, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET as getRaw } from './raw/[side]/route'
import { GET } from './route'

let database: TestDatabase
let dataDir: string
let member: string
let viewer: string

const caller = { ...aBegin().caller!, domain: 'team-a.example.com' }
const streamed = aBegin({ caller })
const html = aBegin({
  caller,
  body: Buffer.from('<script>alert(1)</script>'),
  requestHeaders: [['content-type', 'text/html']],
})
const silent = aBegin({ caller: { ...caller, capture: 'metadata' } })
const secret = aBegin({
  caller,
  requestHeaders: [
    ['x-api-key', 'sk-ant-api03-canary'],
    ['x-note', 'Bearer canary-token'],
    ['content-type', 'application/json'],
  ],
})
const answer = streamOf('Hello')
const strangers = aRequest(new Date(), { domain_id: null, domain: caller.domain, outcome: 'rejected' })
const expired = aRequest(new Date('2026-01-05T10:00:00Z'), { request_bytes: 10, response_bytes: 10 })

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-content-'))
  const recorder = await openRecorder({ dataDir })
  for (const begin of [streamed, html, silent, secret]) playExchange(recorder, begin, { response: answer })
  await recorder.close()
  await insertRequests([expired, strangers])
  await prisma().domain.create({ data: { id: newId(), name: caller.domain } })
  ;[member, viewer] = await Promise.all([signIn('member', [caller.domain]), signIn('viewer')])
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

const call = (requestId: string, cookie: string) =>
  GET(new Request(`http://localhost/api/requests/${requestId}`, { headers: { cookie } }), {
    params: Promise.resolve({ requestId }),
  })
const detail = async (requestId: string, cookie = member) =>
  (await (await call(requestId, cookie)).json()) as Record<string, never>
const raw = (requestId: string, side: string, { cookie = member, query = '' } = {}) =>
  getRaw(new Request(`http://localhost/api/requests/${requestId}/raw/${side}${query}`, { headers: { cookie } }), {
    params: Promise.resolve({ requestId, side }),
  })

test('an id in upper case is the same id', async () => {
  expect(await detail(streamed.requestId.toUpperCase())).toMatchObject({ requestId: streamed.requestId })
})

test('a request comes with its body, the assembled message of its stream and its usage', async () => {
  expect(await detail(streamed.requestId)).toMatchObject({
    requestId: streamed.requestId,
    requestBody: { model: 'claude-sonnet-4-5-20250929', messages: [{ role: 'user', content: 'Hi' }] },
    responseBody: { id: 'msg_test', content: [{ type: 'text', text: 'Hello' }] },
    usage: { input_tokens: 12, output_tokens: 7 },
    requestHeaders: { 'content-type': 'application/json' },
    responseHeaders: { 'request-id': 'req_test' },
    content: {
      request: { state: 'kept' },
      response: { state: 'kept', contentType: 'text/event-stream; charset=utf-8' },
    },
  })
})

test('a viewer gets the numbers and the timings, and no content', async () => {
  const seen = await detail(streamed.requestId, viewer)
  expect(seen).toMatchObject({
    inputTokens: 12,
    requestBody: null,
    responseBody: null,
    requestHeaders: null,
    content: { request: { state: 'not_permitted' } },
  })
  expect(seen.attempts).toHaveLength(1)
  expect(JSON.stringify(seen)).not.toContain('Hello')
})

test('secrets in headers never come out', async () => {
  const text = JSON.stringify(await detail(secret.requestId))
  expect(text).not.toContain('canary')
})

test('a domain that keeps no content says so', async () => {
  expect(await detail(silent.requestId)).toMatchObject({
    requestBody: null,
    content: { request: { state: 'not_captured' } },
  })
})

test('content older than everything that is kept has expired', async () => {
  expect(await detail(expired.request_id)).toMatchObject({ content: { request: { state: 'expired' } } })
})

test('an unknown id and something that is no id are 404', async () => {
  expect((await call(newId(), member)).status).toBe(404)
  expect((await call("x'--", member)).status).toBe(404)
})

test('a stranger is in no domain, whatever host it named: a member does not see its request', async () => {
  expect((await call(strangers.request_id, member)).status).toBe(404)
})

test('nobody reads a request without a login', async () => {
  expect((await call(streamed.requestId, '')).status).toBe(401)
  expect((await raw(streamed.requestId, 'request', { cookie: '' })).status).toBe(401)
})

test('raw bytes are the very bytes, with their hash', async () => {
  const response = await raw(streamed.requestId, 'response')
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(bytes.equals(answer)).toBe(true)
  expect(response.headers.get('x-nexus-sha256')).toBe(createHash('sha256').update(answer).digest('hex'))
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('content-disposition')).toBe(`inline; filename="${streamed.requestId}-response.sse"`)
})

test('a page that somebody sent cannot run here', async () => {
  const { headers } = await raw(html.requestId, 'request')
  expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'; frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('download asks the browser to save the file', async () => {
  const { headers } = await raw(streamed.requestId, 'request', { query: '?download=1' })
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${streamed.requestId}-request.json"`)
})

test('a viewer reads no raw bytes, and what was not kept is 404', async () => {
  expect((await raw(streamed.requestId, 'request', { cookie: viewer })).status).toBe(403)
  expect((await raw(silent.requestId, 'request')).status).toBe(404)
  expect((await raw(streamed.requestId, 'secrets')).status).toBe(404)
  expect((await raw(newId(), 'request')).status).toBe(404)
})

test('a download is in the audit log when it happened, and only then', async () => {
  const stale = await signIn('owner')
  await database.pool.query(
    "UPDATE user_sessions SET proved_at = '2026-01-01' WHERE user_id IN (SELECT id FROM users WHERE role = 'owner')",
  )
  const downloads = () => prisma().auditEvent.count({ where: { action: 'body.download' } })
  const before = await downloads()
  expect((await raw(streamed.requestId, 'request', { cookie: stale })).status).toBe(403)
  expect((await raw(silent.requestId, 'request')).status).toBe(404)
  expect(await downloads()).toBe(before)
  await raw(streamed.requestId, 'request')
  expect(await downloads()).toBe(before + 1)
})
