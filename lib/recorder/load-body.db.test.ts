import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExchangeBegin, ExchangeEnd } from '@/lib/proxy/ports'
import { aBegin, anEnd, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { loadBody, loadExchangeDetail } from './load-body'
import { PostgresBodyStore } from './postgres-body-store'
import { openRecorder, type Recorder } from './recorder'

let database: TestDatabase
let dataDir: string
let recorder: Recorder
let store: PostgresBodyStore

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-recorder-'))
  store = new PostgresBodyStore()
  recorder = await openRecorder({ dataDir, store })
})
afterAll(async () => {
  await recorder.close()
  await rm(dataDir, { recursive: true })
  await database.drop()
})

async function record(begin: ExchangeBegin, response: Buffer, end: ExchangeEnd = anEnd()) {
  playExchange(recorder, begin, { response, end })
  await recorder.flush()
}

describe('the exact bytes come back', () => {
  const bodies: readonly (readonly [string, Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['a NUL', Buffer.from(`{"messages":[{"role":"user","content":"a\0b"}]}`)],
    ['an escaped NUL and lone surrogates', Buffer.from(String.raw`{"messages":[{"content":"\u0000 \ud800 \udfff"}]}`)],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('{"messages":["'),
        Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
        Buffer.from('"]}'),
      ]),
    ],
    ['deep nesting', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
    ['numbers no number type holds', Buffer.from('{"a":1e400,"b":1152921504606846977,"b":-0.0}')],
    ['a torn JSON text', Buffer.from(`{"messages":[{"content":"${'x'.repeat(5_000)}`)],
    ['random bytes', randomBytes(300_000)],
    ['a gzip body', Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), randomBytes(1_000)])],
  ]
  test.each(bodies)('of a body with %s', async (_, body) => {
    const begin = aBegin({ body })
    await record(begin, body)
    expect((await loadBody(begin.requestId, 'request'))?.bytes.equals(body)).toBe(true)
    expect((await loadBody(begin.requestId, 'response'))?.bytes.equals(body)).toBe(true)
  })

  test('of a body of 33 MB with an image in it', async () => {
    const image = randomBytes(24 * 1024 * 1024).toString('base64')
    const body = Buffer.from(
      JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'image', source: { data: image } }] }] }),
    )
    const begin = aBegin({ body })
    await record(begin, streamOf('A cat.'))
    const loaded = await loadBody(begin.requestId, 'request')
    expect(loaded?.bytes.equals(body)).toBe(true)
    expect(loaded?.contentType).toBe('application/json')
  }, 60_000)
})

test('headers, attempts and timings come back as they were, secrets excepted', async () => {
  const begin = aBegin({
    requestHeaders: [
      ['Content-Type', 'application/json'],
      ['anthropic-beta', 'a'],
      ['anthropic-beta', 'b'],
      ['authorization', 'Bearer secret-of-the-client'],
      ['Content-Length', '12'],
    ],
  })
  const end = anEnd({
    forwardedHeaders: [
      ['anthropic-beta', 'b'],
      ['x-api-key', 'secret-of-the-account'],
    ],
  })
  await record(begin, streamOf('Hello'), end)
  const detail = await loadExchangeDetail(begin.requestId)
  expect(detail).toMatchObject({
    target: begin.target,
    receivedHeaders: [
      begin.requestHeaders[0],
      begin.requestHeaders[1],
      begin.requestHeaders[2],
      ['authorization', '[removed]'],
      ['Content-Length', '12'],
    ],
    forwardedHeaders: [
      ['anthropic-beta', 'b'],
      ['x-api-key', '[removed]'],
    ],
    responseHeaders: end.responseHeaders,
    attempts: end.attempts,
  })
  expect(detail?.arrivals.reduce((total, { byteLength }) => total + byteLength, 0)).toBe(streamOf('Hello').length)
})

test.each([
  { capture: 'metadata', kept: 'rows, headers and timings', hasDetail: true },
  { capture: 'off', kept: 'rows', hasDetail: false },
] as const)('a domain that captures $capture has $kept, and no content', async ({ capture, hasDetail }) => {
  const begin = aBegin()
  await record({ ...begin, caller: begin.caller && { ...begin.caller, capture } }, streamOf('Hello'))
  expect(await loadBody(begin.requestId, 'request')).toBeNull()
  expect(await loadBody(begin.requestId, 'response')).toBeNull()
  expect((await loadExchangeDetail(begin.requestId)) !== null).toBe(hasDetail)
  const { rows } = await database.pool.query('SELECT input_tokens FROM api_requests WHERE request_id = $1', [
    begin.requestId,
  ])
  expect(rows).toEqual([{ input_tokens: '12' }])
})

test('with STORAGE_ENABLED=false nobody’s content is kept', async () => {
  const quiet = await openRecorder({ dataDir, store: new PostgresBodyStore({ keepsContent: false }) })
  const begin = aBegin()
  playExchange(quiet, begin, { response: streamOf('Hello') })
  await quiet.flush()
  await quiet.close()
  expect(await loadBody(begin.requestId, 'request')).toBeNull()
  expect(await loadExchangeDetail(begin.requestId)).not.toBeNull()
})

test('a dump of the database shows no prompt and no answer', async () => {
  const secret = 'the quick brown fox keeps a secret'
  const begin = aBegin({
    body: Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: secret.repeat(40) }] })),
  })
  await record(begin, streamOf(secret.repeat(40)))
  for (const table of ['api_requests', 'request_bodies', 'blocks']) {
    const { rows } = await database.pool.query(`SELECT ${table}::text AS dump FROM ${table}`)
    const found = rows.filter(
      ({ dump }) => dump.includes('quick brown') || dump.includes(Buffer.from('quick brown').toString('hex')),
    )
    expect(found).toEqual([])
  }
})

test('with another encryption key the content stays closed', async () => {
  const begin = aBegin()
  await record(begin, streamOf('Hello'))
  const reading = loadBody(begin.requestId, 'request', { encryptionKey: 'another-key-of-the-installation' })
  await expect(reading).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' })
})

test('a database that came back without its latest commits is given every block again', async () => {
  const system = Array.from({ length: 40 }, (_, index) => ({ type: 'text', text: `${index} `.repeat(300) }))
  const body = Buffer.from(JSON.stringify({ messages: system, system, tools: system, stream: true }))
  for (let turn = 0; turn < 3; turn += 1) await record(aBegin({ body }), streamOf('Hello'))
  await database.pool.query('TRUNCATE blocks')
  store.distrust()
  const begin = aBegin({ body })
  await record(begin, streamOf('Hello'))
  expect((await loadBody(begin.requestId, 'request'))?.bytes.equals(body)).toBe(true)
  expect(await loadExchangeDetail(begin.requestId)).not.toBeNull()
})

test('equal content of two domains shares no block', async () => {
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: randomBytes(400).toString('hex') }] }))
  const caller = {
    domainId: '0192a1b2-0000-7000-8000-0000000000bb',
    domain: 'b.example.com',
    clientKeyId: null,
    mode: 'account',
    capture: 'full',
  } as const
  const before = await countBlocks()
  await record(aBegin({ body }), Buffer.alloc(0))
  await record(aBegin({ body }), Buffer.alloc(0))
  expect((await countBlocks()) - before).toBe(1)
  await record(aBegin({ body, caller }), Buffer.alloc(0))
  expect((await countBlocks()) - before).toBe(2)
})

async function countBlocks(): Promise<number> {
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM blocks WHERE raw_bytes = 800')
  return rows[0].count
}
