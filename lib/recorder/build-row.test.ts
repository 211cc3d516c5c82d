import { describe, expect, test } from 'vitest'
import { PieceParser } from '@/lib/blocks/piece-parser'
import { priceBook } from '@/lib/claude/price-book'
import type { ExchangeBegin, ExchangeEnd } from '@/lib/proxy/ports'
import { aBegin, anEnd, keepNothing, streamOf } from '@/lib/testing/recorder-fixtures'
import type { Exchange } from './exchange'
import { prepareBare, prepareExchange } from './prepare-exchange'

function anExchange(
  more: { begin?: Partial<ExchangeBegin>; end?: Partial<ExchangeEnd>; response?: Buffer } = {},
): Exchange {
  const begin = aBegin(more.begin)
  const responseBody = more.response ?? streamOf('Hello')
  return {
    begin,
    end: anEnd(more.end),
    responseBody,
    arrivals: [],
    requestBytes: begin.body.length,
    responseBytes: responseBody.length,
    requestDrop: null,
    responseDrop: null,
  }
}

async function rowOf(more: Parameters<typeof anExchange>[0] = {}) {
  return (await prepareExchange(anExchange(more), { store: keepNothing, book: priceBook(), pieces: new PieceParser() }))
    .row
}

const json: Partial<ExchangeEnd> = { responseHeaders: [['content-type', 'application/json']] }
const cut = (stream: Buffer, before: string) => stream.subarray(0, stream.indexOf(before))

const attemptWith = (status: number | null) => [
  { accountId: 'acc_test', startedAtMs: 1, durationMs: 1, status, error: null, reason: 'only account' },
]

describe('outcome', () => {
  test('a whole stream is completed', async () => {
    expect(await rowOf()).toMatchObject({ outcome: 'completed', errorType: null, costConfidence: 'exact' })
  })

  test('a stream without message_stop is an upstream error, though its status was 200', async () => {
    const row = await rowOf({ response: cut(streamOf('Hello'), 'event: message_stop') })
    expect(row).toMatchObject({ outcome: 'upstream_error', status: 200, outputTokens: 7 })
  })

  test('an error event in a stream is an upstream error of its type, with the tokens so far', async () => {
    const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    const row = await rowOf({
      response: Buffer.concat([cut(streamOf('Hello'), 'event: content_block_stop'), Buffer.from(error)]),
    })
    expect(row).toMatchObject({
      outcome: 'upstream_error',
      errorType: 'overloaded_error',
      inputTokens: 12,
      costConfidence: 'partial',
    })
  })

  test('an aborted stream stays aborted, its output estimated and marked', async () => {
    const response = cut(streamOf('a'.repeat(400)), 'event: content_block_stop')
    const row = await rowOf({ end: { outcome: 'client_aborted' }, response })
    expect(row).toMatchObject({
      outcome: 'client_aborted',
      inputTokens: 12,
      outputTokens: 100,
      costConfidence: 'partial',
    })
  })

  test('an error answer keeps the outcome that the core saw, and its own type', async () => {
    const response = Buffer.from('{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}')
    const row = await rowOf({ end: { ...json, status: 429, attempts: attemptWith(429) }, response })
    expect(row).toMatchObject({
      outcome: 'completed',
      status: 429,
      errorType: 'rate_limit_error',
      costMicroUsd: 0n,
      costConfidence: 'exact',
    })
  })

  test('an error of our own is named as such', async () => {
    const row = await rowOf({
      end: { ...json, status: 401, outcome: 'rejected', ownErrorType: 'authentication_error', attempts: [] },
      response: Buffer.from('{}'),
    })
    expect(row).toMatchObject({ outcome: 'rejected', errorType: 'authentication_error', costMicroUsd: 0n })
  })

  test('another stream of events, which knows no message_stop, is completed', async () => {
    const row = await rowOf({
      begin: { target: '/v1/sessions/s1/events/stream', method: 'GET' },
      response: Buffer.from('event: tick\ndata: {}\n\n'),
    })
    expect(row.outcome).toBe('completed')
  })
})

describe('cost', () => {
  test('counting tokens is free', async () => {
    const row = await rowOf({
      begin: { target: '/v1/messages/count_tokens' },
      end: json,
      response: Buffer.from('{"input_tokens":12}'),
    })
    expect(row).toMatchObject({ kind: 'count_tokens', costMicroUsd: 0n, costConfidence: 'exact' })
  })

  test('an unknown model has no price, and is not free', async () => {
    const response = Buffer.from(
      streamOf('Hello').toString().replaceAll('claude-sonnet-4-5-20250929', 'claude-of-tomorrow'),
    )
    expect(await rowOf({ response })).toMatchObject({
      costMicroUsd: null,
      costConfidence: 'unpriced',
      model: 'claude-of-tomorrow',
    })
  })

  test('an answer lost before its first event may be billed: no number is claimed', async () => {
    const row = await rowOf({ end: { outcome: 'client_aborted' }, response: Buffer.alloc(0) })
    expect(row).toMatchObject({ costMicroUsd: null, costConfidence: 'partial' })
  })

  test('a batch that was made costs money, of which its answer says nothing; to list batches is free', async () => {
    const target = '/v1/messages/batches'
    const response = Buffer.from('{"id":"msgbatch_1"}')
    expect(await rowOf({ begin: { target }, end: json, response })).toMatchObject({
      kind: 'batches',
      costMicroUsd: null,
      costConfidence: 'partial',
    })
    expect(await rowOf({ begin: { target, method: 'GET' }, end: json, response })).toMatchObject({
      costMicroUsd: 0n,
      costConfidence: 'exact',
    })
  })

  test('a call that timed out may have been answered all the same', async () => {
    const row = await rowOf({
      end: { ...json, status: 504, outcome: 'timeout', attempts: attemptWith(null) },
      response: Buffer.from('{}'),
    })
    expect(row).toMatchObject({ costMicroUsd: null, costConfidence: 'partial' })
  })

  test.each(['client_aborted', 'ECONNRESET'])('a call that was lost on its way (%s) may be billed', async (error) => {
    const attempts = attemptWith(null).map((attempt) => ({ ...attempt, error }))
    const outcome = error === 'client_aborted' ? error : 'upstream_error'
    const row = await rowOf({ end: { ...json, status: 502, outcome, attempts }, response: Buffer.from('{}') })
    expect(row).toMatchObject({ costMicroUsd: null, costConfidence: 'partial' })
  })

  test('a call that never reached the upstream is free', async () => {
    const attempts = attemptWith(null)
    const row = await rowOf({
      end: { ...json, status: 502, outcome: 'upstream_error', attempts },
      response: Buffer.from('{}'),
    })
    expect(row).toMatchObject({ costMicroUsd: 0n, costConfidence: 'exact' })
  })
})

describe('text from outside', () => {
  test('is cleaned of what a text column refuses, and bounded', async () => {
    const body = Buffer.from(JSON.stringify({ model: `m\0\ud800${'x'.repeat(5_000)}`, messages: [] }))
    const row = await rowOf({
      begin: {
        body,
        target: `/v1/${'p'.repeat(2_000)}?secret=1`,
        requestHeaders: [
          ['user-agent', `a\0b\udfff${'x'.repeat(2_000)}`],
          ['x-claude-code-session-id', 's\0'],
        ],
      },
      end: json,
      response: Buffer.from('{}'),
    })
    expect(row.model).toMatch(/^m\ufffd\ufffdx{100,300}$/)
    expect(row.userAgent).toMatch(/^a\ufffdb\ufffdx{100,300}$/)
    expect(row.sessionId).toBe('s\ufffd')
    expect(row.path).toMatch(/^\/v1\/p{400,500}$/)
  })

  test('numbers outside of their column are cut to its range', async () => {
    const row = await rowOf({ end: { durationMs: 1e12, firstByteMs: -5 } })
    expect(row).toMatchObject({ responseTimeMs: 2_147_483_647, firstByteMs: 0 })
  })
})

test('a call of nobody we know belongs to no domain', async () => {
  expect(await rowOf({ begin: { caller: null, domain: 'unknown.example.com' } })).toMatchObject({
    domainId: null,
    domain: 'unknown.example.com',
    clientKeyId: null,
  })
})

test('a bare row says what passed through and claims no cost', () => {
  const { row, candidate, bodies } = prepareBare(anExchange())
  expect(row).toMatchObject({
    outcome: 'completed',
    status: 200,
    kind: 'other',
    inputTokens: null,
    costMicroUsd: null,
    costConfidence: 'unpriced',
  })
  expect([candidate, bodies]).toEqual([null, null])
})
