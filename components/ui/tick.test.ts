import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readTick, subscribeTick } from './tick'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('tells the time of now to the first who listens again after a while', () => {
  subscribeTick(() => undefined)()
  vi.setSystemTime(Date.now() + 600_000)
  const stop = subscribeTick(() => undefined)
  expect(readTick()).toBe(Date.now())
  stop()
})
