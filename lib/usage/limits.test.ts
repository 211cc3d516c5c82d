import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LimitGuard, isFree, type CountedRow } from './limit-guard'
import { spendPeriodAt, type Limit, type LimitMetric, type LimitScope } from './limit-kinds'
import { addCounts, MinuteCounts, secondsUntilBelow } from './minute-counts'

const minuteMs = 60_000
const caller = { domainId: 'domain-1', clientKeyId: 'key-1' }
const messages = '/v1/messages?beta=true'
let nowMs = Date.parse('2026-11-22T12:00:00Z')

function guardWith(...limits: [LimitScope, string, LimitMetric, number][]): LimitGuard {
  nowMs = Date.parse('2026-11-22T12:00:00Z')
  const guard = new LimitGuard(() => nowMs)
  guard.setLimits(
    limits.map(([scope, scopeId, metric, amount], index): Limit => ({
      id: String(index),
      scope,
      scopeId,
      metric,
      amount,
      isEnforced: true,
    })),
  )
  return guard
}

function admitted(guard: LimitGuard, who = caller, target = messages) {
  const answer = guard.checkCaller(who, target)
  return 'release' in answer ? answer : null
}

test('the call after the last allowed one of a minute waits until the first has left it', () => {
  const guard = guardWith(['client_key', 'key-1', 'requests_per_minute', 2])
  expect(admitted(guard)).not.toBeNull()
  nowMs += 20_000
  expect(admitted(guard)).not.toBeNull()
  nowMs += 10_000
  expect(guard.checkCaller(caller, messages)).toMatchObject({
    type: 'rate_limit_error',
    message: 'Rate limit exceeded',
    retryAfterSeconds: 31,
  })
  nowMs += 31_000
  expect(admitted(guard)).not.toBeNull()
})

test('no sixty seconds, however they are laid, see more calls than allowed; and whoever waits as told comes in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 20, maxLength: 120 }),
      fc.integer({ min: 1, max: 8 }),
      (pauses, most) => {
        const guard = guardWith(['domain', 'domain-1', 'requests_per_minute', most])
        const times: number[] = []
        for (const pause of pauses) {
          nowMs += pause
          const answer = guard.checkCaller(caller, messages)
          if ('release' in answer) times.push(nowMs)
          else {
            nowMs += answer.retryAfterSeconds * 1000
            expect('release' in guard.checkCaller(caller, messages)).toBe(true)
            times.push(nowMs)
          }
        }
        for (const [index, at] of times.entries())
          expect(times.slice(0, index + 1).filter((one) => one > at - minuteMs).length).toBeLessThanOrEqual(most)
      },
    ),
    { numRuns: 60 },
  )
})

test('a refused call is not counted', () => {
  const guard = guardWith(['all', '', 'requests_per_minute', 1], ['client_key', 'key-1', 'requests_per_minute', 1])
  expect(admitted(guard)).not.toBeNull()
  for (let index = 0; index < 5; index += 1) expect(admitted(guard)).toBeNull()
  nowMs += 61_000
  expect(admitted(guard)).not.toBeNull()
})

test('other keys of the domain go on', () => {
  const guard = guardWith(['client_key', 'key-1', 'requests_per_minute', 1])
  admitted(guard)
  expect(admitted(guard)).toBeNull()
  expect(admitted(guard, { domainId: 'domain-1', clientKeyId: 'key-2' })).not.toBeNull()
})

test('a finished call makes room for the next one, once', () => {
  const guard = guardWith(['domain', 'domain-1', 'concurrent_requests', 2])
  const first = admitted(guard)
  admitted(guard)
  expect(guard.checkCaller(caller, messages)).toMatchObject({ type: 'rate_limit_error', retryAfterSeconds: 1 })
  first?.release()
  first?.release()
  expect(admitted(guard)).not.toBeNull()
  expect(admitted(guard)).toBeNull()
})

test('counting tokens and listing models are free', () => {
  const guard = guardWith(['all', '', 'requests_per_minute', 1])
  admitted(guard)
  expect(admitted(guard, caller, '/v1/messages/count_tokens?beta=true')).not.toBeNull()
  expect(admitted(guard, caller, '/v1/models/claude-opus-5-5')).not.toBeNull()
  expect([isFree('/v1/messages'), isFree('/v1/messages/batches'), isFree('/v1/modelsx')]).toEqual([false, false, false])
})

test('a batch that was made is looked at, fetched and ended whatever is spent, a new one is not made', () => {
  const guard = guardWith(['all', '', 'requests_per_minute', 1])
  admitted(guard)
  for (const path of ['', '/results', '/cancel'])
    expect(admitted(guard, caller, `/v1/messages/batches/msgbatch_1${path}`)).not.toBeNull()
  expect(admitted(guard, caller, '/v1/messages/batches')).toBeNull()
})

const row = (more: Partial<CountedRow>): CountedRow => ({
  ...{ domainId: 'domain-1', clientKeyId: 'key-1', accountId: null, createdAtMs: nowMs, responseTimeMs: 0 },
  ...{ inputTokens: 0, cacheCreationInputTokens: 0, ...more },
})

test('input and cache-write tokens of the last minute count, what is older does not', () => {
  const guard = guardWith(['client_key', 'key-1', 'input_tokens_per_minute', 1_000])
  guard.noteRecorded([row({ inputTokens: 600 }), row({ inputTokens: 900, createdAtMs: nowMs - 10 * minuteMs })])
  expect(admitted(guard)).not.toBeNull()
  guard.noteRecorded([row({ cacheCreationInputTokens: 400 })])
  expect(guard.checkCaller(caller, messages)).toMatchObject({ type: 'rate_limit_error', retryAfterSeconds: 61 })
})

test('a spend limit answers so that Claude Code shows why, and names the moment it resets', () => {
  const guard = guardWith(['domain', 'domain-1', 'spend_per_month', 100_000_000])
  guard.spent = new Map([['domain:domain-1', { day: 0, week: 0, month: 99_999_999 }]])
  expect(admitted(guard)).not.toBeNull()
  guard.spent = new Map([['domain:domain-1', { day: 0, week: 0, month: 100_000_000 }]])
  const reset = String(Date.parse('2026-12-01T00:00:00Z') / 1000)
  expect(guard.checkCaller(caller, messages)).toEqual({
    type: 'billing_error',
    message: 'The monthly spend limit of $100.00 for this domain is reached. It resets at 2026-12-01 00:00 UTC.',
    retryAfterSeconds: 8.5 * 86_400,
    headers: [
      ['anthropic-ratelimit-unified-status', 'rejected'],
      ['anthropic-ratelimit-unified-reset', reset],
      ['anthropic-ratelimit-unified-overage-reset', reset],
      ['anthropic-ratelimit-unified-overage-utilization', '1'],
      ['anthropic-ratelimit-unified-overage-surpassed-threshold', '1'],
      ['anthropic-ratelimit-unified-overage-period', 'monthly'],
      ['anthropic-ratelimit-unified-overage-disabled-reason', 'org_spend_cap_reached'],
    ],
  })
})

test('a budget refuses nobody', () => {
  const guard = guardWith()
  guard.setLimits([{ id: '1', scope: 'all', scopeId: '', metric: 'spend_per_day', amount: 1, isEnforced: false }])
  guard.spent = new Map([['all', { day: 5, week: 5, month: 5 }]])
  expect(admitted(guard)).not.toBeNull()
})

test('spend periods are days, weeks from Monday and months of UTC', () => {
  const at = Date.parse('2027-02-28T23:59:59.999Z')
  const ends = (['day', 'week', 'month'] as const).map((period) => {
    const { fromMs, toMs } = spendPeriodAt(period, at)
    return [new Date(fromMs).toISOString().slice(0, 10), new Date(toMs).toISOString().slice(0, 10)]
  })
  expect(ends).toEqual([
    ['2027-02-28', '2027-03-01'],
    ['2027-02-22', '2027-03-01'],
    ['2027-02-01', '2027-03-01'],
  ])
})

test('counts of processes whose clocks differ by a second are added, none is lost', () => {
  const [mine, theirs] = [new MinuteCounts(), new MinuteCounts()]
  mine.add(1_000, 3)
  theirs.add(1_001, 4)
  expect(addCounts([mine.read(), theirs.read()], 1_000).reduce((a, b) => a + b)).toBe(7)
  expect(addCounts([mine.read(), theirs.read()], 1_061).reduce((a, b) => a + b)).toBe(4)
})

test('a limit smaller than a single call waits for the whole minute', () => {
  const counts = new MinuteCounts()
  counts.add(1_000, 50)
  expect(secondsUntilBelow(counts.read().counts, 10)).toBe(61)
})
