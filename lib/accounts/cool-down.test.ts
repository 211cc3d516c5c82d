import { describe, expect, it } from 'vitest'
import { healthAfter, healthy } from './account-health'
import { readCoolDown } from './cool-down'

const nowMs = Date.parse('2026-11-22T12:00:00Z')
const inSeconds = (seconds: number) => String(nowMs / 1000 + seconds)

const durationOf = (headers: Parameters<typeof readCoolDown>[0]) => readCoolDown(headers, nowMs)?.durationMs

describe('the cool-down of a 429', () => {
  it('is exactly retry-after', () => {
    expect(readCoolDown([['Retry-After', '17']], nowMs)).toEqual({ durationMs: 17_000, cause: 'throttle' })
  })

  it('prefers retry-after-ms, and reads a date', () => {
    expect(
      durationOf([
        ['retry-after', '2'],
        ['retry-after-ms', '1500'],
      ]),
    ).toBe(1_500)
    expect(durationOf([['retry-after', 'Sun, 22 Nov 2026 12:00:30 GMT']])).toBe(30_000)
  })

  it('is the reset of the rejected window, although the overall reset and retry-after speak of another', () => {
    const headers = [
      ['retry-after', '60'],
      ['anthropic-ratelimit-unified-status', 'rejected'],
      ['anthropic-ratelimit-unified-reset', inSeconds(100)],
      ['anthropic-ratelimit-unified-5h-status', 'allowed'],
      ['anthropic-ratelimit-unified-5h-reset', inSeconds(100)],
      ['anthropic-ratelimit-unified-7d-status', 'rejected'],
      ['anthropic-ratelimit-unified-7d-reset', inSeconds(51_811)],
    ] as const
    expect(readCoolDown(headers, nowMs)).toEqual({ durationMs: 51_811_000, cause: 'window', window: '7d' })
  })

  const usedUpOpus = [
    ['retry-after', '51811'],
    ['anthropic-ratelimit-unified-status', 'rejected'],
    ['anthropic-ratelimit-unified-reset', inSeconds(51_811)],
    ['anthropic-ratelimit-unified-5h-status', 'allowed'],
    ['anthropic-ratelimit-unified-7d-status', 'allowed_warning'],
    ['anthropic-ratelimit-unified-7d_opus-status', 'rejected'],
    ['anthropic-ratelimit-unified-7d_opus-reset', inSeconds(51_811)],
    ['anthropic-ratelimit-unified-overage-status', 'rejected'],
  ] as const

  it('is none when the window of some models alone is used up', () => {
    expect(readCoolDown(usedUpOpus, nowMs)).toBeNull()
  })

  it('is that of the plan when a window of some models is used up, too', () => {
    const headers = [
      ...usedUpOpus.filter(([name]) => !name.includes('-5h-')),
      ['anthropic-ratelimit-unified-5h-status', 'rejected'],
      ['anthropic-ratelimit-unified-5h-reset', inSeconds(600)],
    ] as const
    expect(readCoolDown(headers, nowMs)).toEqual({ durationMs: 600_000, cause: 'window', window: '5h' })
  })

  it('is the reset of the limits that are used up when nothing else names a time', () => {
    const headers = [
      ['anthropic-ratelimit-requests-remaining', '12'],
      ['anthropic-ratelimit-requests-reset', '2026-11-22T12:59:00Z'],
      ['anthropic-ratelimit-input-tokens-remaining', '0'],
      ['anthropic-ratelimit-input-tokens-reset', '2026-11-22T12:00:42Z'],
    ] as const
    expect(readCoolDown(headers, nowMs)).toEqual({ durationMs: 42_000, cause: 'throttle', isOfModels: true })
  })

  it('is of some models alone when a limit of requests or tokens stands at zero', () => {
    const limits = (input: string, output: string): [string, string][] => [
      ['retry-after', '9'],
      ['anthropic-ratelimit-input-tokens-remaining', input],
      ['anthropic-ratelimit-output-tokens-remaining', output],
    ]
    const throttled = { durationMs: 9_000, cause: 'throttle' }
    expect(readCoolDown(limits('0', '8000'), nowMs)).toEqual({ ...throttled, isOfModels: true })
    expect(readCoolDown(limits('28000', '8000'), nowMs)).toEqual(throttled)
    expect(
      readCoolDown(
        [
          ['retry-after', '9'],
          ['anthropic-fast-input-tokens-remaining', '0'],
        ],
        nowMs,
      ),
    ).toEqual({
      ...throttled,
      isOfModels: true,
    })
  })

  it('counts from the clock of the upstream when it tells the time', () => {
    const headers = [
      ['date', 'Sun, 22 Nov 2026 13:00:00 GMT'],
      ['retry-after', 'Sun, 22 Nov 2026 13:00:20 GMT'],
    ] as const
    expect(durationOf(headers)).toBe(20_000)
  })

  it('is a minute for a spent budget, which names no time', () => {
    expect(readCoolDown([['request-id', 'req_1']], nowMs)).toEqual({ durationMs: 60_000, cause: 'quota' })
  })

  it('is never negative, and eight days at most', () => {
    expect(durationOf([['retry-after', '1e12']])).toBe(8 * 86_400_000)
    expect(durationOf([['retry-after', '-5']])).toBe(0)
  })
})

describe('the health of an account', () => {
  const report = (status: number | null, headers: [string, string][] = [], target = '/v1/messages?beta=true') => {
    return { attempt: { status }, headers, target, nowMs }
  }

  it('cools for the advertised time after a 429, and a success in between does not shorten that', () => {
    const cooled = healthAfter(healthy, report(429, [['retry-after', '30']]))
    expect(cooled.coolingUntilMs).toBe(nowMs + 30_000)
    expect(healthAfter(cooled, report(200)).coolingUntilMs).toBe(nowMs + 30_000)
    expect(healthAfter(cooled, report(429, [['retry-after', '5']])).coolingUntilMs).toBe(nowMs + 30_000)
  })

  it('is cooled by no refusal of one model, and remembers it', () => {
    const refusal: [string, string][] = [
      ['anthropic-ratelimit-unified-7d_opus-status', 'rejected'],
      ['anthropic-ratelimit-unified-7d_opus-reset', inSeconds(51_811)],
    ]
    expect(healthAfter(healthy, report(429, refusal))).toMatchObject({
      coolingUntilMs: 0,
      lastError: '429: the window of a model is used up',
    })
  })

  const outOfTokens: [string, string][] = [
    ['retry-after', '30'],
    ['anthropic-ratelimit-input-tokens-remaining', '0'],
  ]

  it('rests for the class of models that has no tokens left, and the account is asked for others', () => {
    const rested = healthAfter(healthy, { ...report(429, outOfTokens), modelClass: () => 'claude-opus-4.x' })
    expect(rested).toMatchObject({
      coolingUntilMs: 0,
      modelRests: { 'claude-opus-4.x': nowMs + 30_000 },
      lastError: '429: too many requests for claude-opus-4.x',
    })
  })

  it('rests for all when nobody can tell the model', () => {
    const rested = healthAfter(healthy, { ...report(429, outOfTokens), modelClass: () => null })
    expect(rested).toMatchObject({ coolingUntilMs: nowMs + 30_000, modelRests: {} })
  })

  it('keeps no rest that is over, and at most thirty-two', () => {
    let health = healthy
    for (let at = 0; at < 40; at += 1) {
      health = healthAfter(health, { ...report(429, outOfTokens), modelClass: () => `model-${at}` })
    }
    expect(Object.keys(health.modelRests)).toHaveLength(32)
    const later = { ...report(429, outOfTokens), modelClass: () => 'claude-opus-5', nowMs: nowMs + 30_000 }
    expect(Object.keys(healthAfter(health, later).modelRests)).toEqual(['claude-opus-5'])
  })

  it.each(['/v1/messages/count_tokens?beta=true', '/v1/messages/batches', '/v1/files', '/v1/models'])(
    'cools after too many calls of messages alone, which have a rate of their own, not after those of %s',
    (target) => {
      expect(healthAfter(healthy, report(429, [['retry-after', '30']], target)).coolingUntilMs).toBe(0)
      expect(healthAfter(healthy, report(429, [], target)).coolingUntilMs).toBe(0)
    },
  )

  it('cools when the window of its plan is used up, whatever was asked', () => {
    const refusal: [string, string][] = [
      ['anthropic-ratelimit-unified-7d-status', 'rejected'],
      ['anthropic-ratelimit-unified-7d-reset', inSeconds(90)],
    ]
    const cooled = healthAfter(healthy, report(429, refusal, '/v1/messages/count_tokens'))
    expect(cooled.coolingUntilMs).toBe(nowMs + 90_000)
  })

  it('is the same when the administration API, which takes other keys, refuses its key', () => {
    expect(healthAfter(healthy, report(401, [], '/v1/organizations/me?limit=1'))).toEqual(healthy)
  })

  it.each([400, 403, 404, 413])('is the same after a client error %i', (status) => {
    expect(healthAfter(healthy, report(status))).toEqual(healthy)
  })

  it.each([500, 503, 529, null])('is ejected after three failures in a row (%s)', (status) => {
    let health = healthy
    for (let time = 0; time < 2; time += 1) health = healthAfter(health, report(status))
    expect(health.ejectedUntilMs).toBe(0)
    health = healthAfter(health, report(status))
    expect(health.ejectedUntilMs).toBe(nowMs + 10_000)
    expect(healthAfter(health, report(status)).ejectedUntilMs).toBe(nowMs + 20_000)
  })

  it('is back after one success', () => {
    let health = healthy
    for (let time = 0; time < 12; time += 1) health = healthAfter(health, report(529))
    expect(health.ejectedUntilMs).toBe(nowMs + 300_000)
    expect(healthAfter(health, report(200))).toMatchObject({ consecutiveFailures: 0, ejectedUntilMs: 0 })
  })

  it('says that the credential is refused after a 401, until a call succeeds', () => {
    const refused = healthAfter(healthy, report(401))
    expect(refused).toMatchObject({ refusedAtMs: nowMs, lastError: '401: the credential was refused' })
    expect(healthAfter(refused, report(200)).refusedAtMs).toBe(0)
  })

  it('rests after a 402, whose cause is money', () => {
    expect(healthAfter(healthy, report(402))).toMatchObject({ coolingUntilMs: nowMs + 60_000, coolingCause: 'quota' })
  })

  it('remembers what went wrong last', () => {
    expect(healthAfter(healthy, report(529))).toMatchObject({ lastError: '529: overloaded', lastErrorAtMs: nowMs })
  })
})
