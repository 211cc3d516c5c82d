import { describe, expect, it } from 'vitest'
import { healthAfter, healthy } from './account-health'
import { readCoolDown } from './cool-down'

const nowMs = Date.parse('2026-11-22T12:00:00Z')
const inSeconds = (seconds: number) => String(nowMs / 1000 + seconds)

describe('the cool-down of a 429', () => {
  it('is exactly retry-after', () => {
    expect(readCoolDown([['Retry-After', '17']], nowMs)).toBe(17_000)
  })

  it('prefers retry-after-ms, and reads a date', () => {
    expect(
      readCoolDown(
        [
          ['retry-after', '2'],
          ['retry-after-ms', '1500'],
        ],
        nowMs,
      ),
    ).toBe(1_500)
    expect(readCoolDown([['retry-after', 'Sun, 22 Nov 2026 12:00:30 GMT']], nowMs)).toBe(30_000)
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
    expect(readCoolDown(headers, nowMs)).toBe(51_811_000)
  })

  it('is a minute when the upstream names no time, and at most eight days', () => {
    expect(readCoolDown([], nowMs)).toBe(60_000)
    expect(readCoolDown([['retry-after', '1e12']], nowMs)).toBe(8 * 86_400_000)
    expect(readCoolDown([['retry-after', '-5']], nowMs)).toBe(0)
  })
})

describe('the health of an account', () => {
  const report = (status: number | null, headers: [string, string][] = []) => ({ attempt: { status }, headers, nowMs })

  it('cools for the advertised time after a 429, and a success in between does not shorten that', () => {
    const cooled = healthAfter(healthy, report(429, [['retry-after', '30']]))
    expect(cooled.coolingUntilMs).toBe(nowMs + 30_000)
    expect(healthAfter(cooled, report(200)).coolingUntilMs).toBe(nowMs + 30_000)
    expect(healthAfter(cooled, report(429, [['retry-after', '5']])).coolingUntilMs).toBe(nowMs + 30_000)
  })

  it.each([400, 401, 403, 404, 413])('is the same after a client error %i', (status) => {
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
    expect(healthAfter(health, report(200))).toEqual(healthy)
  })
})
