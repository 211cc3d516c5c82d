import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { costOfAnswer } from './cost-of-answer'
import { readResponseFacts } from './response-facts'
import type { RequestKind } from './request-kinds'

test.each([
  ['text', 2088n, 'exact'],
  ['compaction', 36_000n, 'exact'],
  ['fallback', 6400n, 'exact'],
  ['iterations', 44_362n, 'exact'],
  ['refusal', 0n, 'exact'],
  ['refusal-mid-stream', 7680n, 'exact'],
  ['truncated', 1388n, 'partial'],
])('the stream %s costs %i micro-dollars', (name, costMicroUsd, confidence) => {
  const bytes = readFileSync(new URL(`./fixtures/${name}.sse`, import.meta.url))
  expect(cost({ bytes })).toMatchObject({ costMicroUsd, confidence })
})

test.each(['count_tokens', 'models', 'files'] as const)('%s is free', (kind) => {
  expect(cost({ kind, bytes: Buffer.from('{"input_tokens":5}') })).toMatchObject({
    costMicroUsd: 0n,
    confidence: 'exact',
  })
})

test('an error of the upstream is free', () => {
  const bytes = Buffer.from('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')
  expect(cost({ bytes, status: 529 })).toMatchObject({ costMicroUsd: 0n, confidence: 'exact' })
})

test('an answer that broke off before its first number has an unknown cost, not none', () => {
  expect(cost({ bytes: Buffer.from('event: ping\ndata: {"type": "pi') })).toMatchObject({
    costMicroUsd: null,
    confidence: 'partial',
  })
})

test('a batch is charged for later, by what this answer does not show', () => {
  const bytes = Buffer.from('{"id":"msgbatch_1","type":"message_batch"}')
  expect(cost({ kind: 'batches', bytes })).toMatchObject({ costMicroUsd: null, confidence: 'unpriced' })
  expect(cost({ kind: 'batches', bytes, method: 'GET' })).toMatchObject({ costMicroUsd: 0n })
})

test('the model of the request prices an answer that names none', () => {
  const bytes = Buffer.from('{"type":"message","content":[],"usage":{"output_tokens":100}}')
  expect(cost({ bytes })).toMatchObject({ costMicroUsd: 2000n })
})

function cost(given: { bytes: Uint8Array; kind?: RequestKind; method?: string; status?: number }) {
  const { bytes, kind = 'main', method = 'POST', status = 200 } = given
  const response = readResponseFacts({ status, contentType: null, contentEncoding: null, bytes })
  return costOfAnswer({ method, request: { kind, model: 'claude-opus-5-5' }, response, at: new Date('2026-11-22') })
}
