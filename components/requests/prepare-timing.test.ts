import { expect, test } from 'vitest'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { prepareTiming } from './prepare-timing'

const detailOf = (more: Partial<RequestDetail>) =>
  ({
    timestamp: '2026-11-22T10:00:00.000Z',
    streaming: true,
    responseTimeMs: 10_000,
    firstByteMs: 1_000,
    outputTokens: 450,
    attempts: [],
    arrivals: [],
    ...more,
  }) as RequestDetail

test('the rate is that of the stream, without the wait for its first byte', () => {
  expect(prepareTiming(detailOf({}))).toMatchObject({ durationMs: 10_000, streamMs: 9_000, tokensPerSecond: 50 })
})

test('an answer in one piece has no rate', () => {
  expect(prepareTiming(detailOf({ firstByteMs: 9_990 })).tokensPerSecond).toBeNull()
  expect(prepareTiming(detailOf({ streaming: false })).tokensPerSecond).toBeNull()
})

test('a silence of more than five seconds is a stall', () => {
  const arrivals = [1_000, 2_000, 9_000].map((offsetMs) => ({ offsetMs, byteLength: 100 }))
  expect(prepareTiming(detailOf({ arrivals })).stalls).toEqual([{ fromMs: 2_000, lengthMs: 7_000 }])
})

test('arrivals add up to the whole answer', () => {
  const arrivals = [
    { offsetMs: 1_000, byteLength: 100 },
    { offsetMs: 10_000, byteLength: 300 },
  ]
  expect(prepareTiming(detailOf({ arrivals })).arrival).toEqual([
    { at: 0.1, bytes: 0.25 },
    { at: 1, bytes: 1 },
  ])
})

test('attempts count from when the request came in', () => {
  const attempt = {
    accountId: 'acc_1',
    startedAtMs: Date.parse('2026-11-22T10:00:00.250Z'),
    durationMs: 5,
    status: 529,
    error: null,
    reason: 'first',
  }
  expect(prepareTiming(detailOf({ attempts: [attempt] })).attempts[0]?.offsetMs).toBe(250)
})

test('a request that nobody answered has no stream', () => {
  expect(
    prepareTiming(detailOf({ firstByteMs: null, responseTimeMs: null, arrivals: null, attempts: null })),
  ).toMatchObject({
    streamMs: null,
    tokensPerSecond: null,
    pieces: 0,
    attempts: [],
  })
})

test('the time is the proxy’s, then each attempt’s, then the answer’s', () => {
  const attempt = (offsetMs: number, status: number | null, accountId: string) => ({
    ...{ accountId, status, error: null, reason: 'first of the domain', durationMs: 300 },
    startedAtMs: Date.parse('2026-11-22T10:00:00.000Z') + offsetMs,
  })
  const attempts = [attempt(20, 529, 'acc_a'), attempt(330, 200, 'acc_b')]
  expect(prepareTiming(detailOf({ attempts })).phases).toEqual([
    { name: 'proxy', kind: 'proxy', fromMs: 0, lengthMs: 20 },
    { name: 'acc_a: 529', kind: 'failed', fromMs: 20, lengthMs: 300 },
    { name: 'acc_b: 200', kind: 'attempt', fromMs: 330, lengthMs: 670 },
    { name: 'answer', kind: 'stream', fromMs: 1_000, lengthMs: 9_000 },
  ])
})

test('a call that was never sent has no phases', () => {
  expect(prepareTiming(detailOf({ attempts: null })).phases).toEqual([])
})

test('an account is called by its name, and by its id where it has none', () => {
  const attempt = { startedAtMs: 0, durationMs: 5, status: 200, error: null, reason: 'first' }
  const attempts = [null, 'acc_1', 'acc_gone'].map((accountId) => ({ ...attempt, accountId }))
  const timing = prepareTiming(detailOf({ attempts, accountNames: { acc_1: 'Production' } }))
  expect(timing.attempts.map(({ account }) => account)).toEqual(['own credential', 'Production', 'acc_gone'])
  expect(timing.phases[2]?.name).toBe('Production: 200')
})
