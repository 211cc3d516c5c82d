import { describe, expect, it } from 'vitest'
import { makeLoginThrottle } from './throttle'

function throttleWithClock() {
  const clock = { nowMs: 1_000_000 }
  return { clock, throttle: makeLoginThrottle(() => clock.nowMs) }
}

describe('the login throttle', () => {
  it('lets five failures pass and then doubles the wait up to five minutes', () => {
    const { clock, throttle } = throttleWithClock()
    const waits: number[] = []
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const waitSeconds = throttle.begin('ada@example.com', `10.0.0.${attempt}`)
      if (waitSeconds > 0) waits.push(waitSeconds)
      clock.nowMs += waitSeconds * 1_000
    }
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  })

  it('forgets the failures of an account that logs in', () => {
    const { throttle } = throttleWithClock()
    for (let attempt = 0; attempt < 4; attempt += 1) throttle.begin('ada@example.com', '10.0.0.1')
    throttle.succeeded('ada@example.com')
    for (let attempt = 0; attempt < 5; attempt += 1) expect(throttle.begin('ada@example.com', '10.0.0.2')).toBe(0)
  })

  it('counts attempts that run at the same time before any of them has failed', () => {
    const { throttle } = throttleWithClock()
    const begun = Array.from({ length: 50 }, (_, index) => throttle.begin('ada@example.com', `10.0.0.${index}`))
    expect(begun.filter((wait) => wait === 0)).toHaveLength(5)
  })

  it('bounds one address over all accounts, and refills', () => {
    const { clock, throttle } = throttleWithClock()
    const admitted = () =>
      Array.from({ length: 30 }, (_, index) =>
        throttle.begin(`user${clock.nowMs}-${index}@example.com`, '10.0.0.1'),
      ).filter((wait) => wait === 0).length
    expect(admitted()).toBe(20)
    clock.nowMs += 10_000
    expect(admitted()).toBe(2)
  })

  it('bounds all addresses together', () => {
    const { throttle } = throttleWithClock()
    const begun = Array.from({ length: 1_000 }, (_, index) =>
      throttle.begin(`user${index}@example.com`, `10.0.${index % 250}.${index}`),
    )
    expect(begun.filter((wait) => wait === 0)).toHaveLength(100)
  })

  it('keeps the attempts of all addresses for those that stay within their own', () => {
    const { throttle } = throttleWithClock()
    for (let index = 0; index < 1_000; index += 1) throttle.begin(`user${index}@example.com`, '10.0.0.1')
    expect(throttle.begin('ada@example.com', '10.0.0.2')).toBe(0)
  })

  it('does not slow one account because another one fails', () => {
    const { throttle } = throttleWithClock()
    for (let attempt = 0; attempt < 10; attempt += 1) throttle.begin('ada@example.com', '10.0.0.1')
    expect(throttle.begin('bob@example.com', '10.0.0.2')).toBe(0)
  })
})
