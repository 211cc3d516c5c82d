import { expect, test } from 'vitest'
import { forecastExhaustion, longForecaster, shortForecaster, testForecaster, type Series } from './forecast'

const minuteMs = 60_000
const series = (amounts: number[], stepMs = 5 * minuteMs): Series => ({ stepMs, fromMs: 0, amounts })
const steady = (count: number, amount: number) => new Array<number>(count).fill(amount)

test('the rate of a steady use is that use', () => {
  const rate = shortForecaster.rateAt(series(steady(60, 50)), 300 * minuteMs)
  expect(rate).toBeGreaterThan(9.7)
  expect(rate).toBeLessThan(10.1)
})

test('the rate falls by two thirds in a quarter of an hour without use', () => {
  const used = series([...steady(30, 50), ...steady(6, 0)])
  const [before, after] = [150, 165].map((minute) => shortForecaster.rateAt(used, minute * minuteMs))
  expect((after ?? 0) / (before ?? 1)).toBeCloseTo(Math.exp(-1), 2)
})

test('a rate is taken from the past alone', () => {
  const past = series([...steady(12, 7)])
  const withFuture = series([...steady(12, 7), ...steady(12, 9_999)])
  expect(shortForecaster.rateAt(withFuture, 60 * minuteMs)).toBe(shortForecaster.rateAt(past, 60 * minuteMs))
})

test('the pace of a day has its night in it', () => {
  const day = [...steady(12, 0), ...steady(12, 120)]
  expect(longForecaster.rateAt(series([...day, ...day], 60 * minuteMs), 48 * 60 * minuteMs)).toBe(1)
})

test('the band is what the same forecasts did in the past', () => {
  const errors = testForecaster(shortForecaster, series(steady(200, 50)))
  expect(errors?.points).toBeGreaterThan(150)
  expect(errors?.low).toBeCloseTo(1, 1)
  expect(errors?.high).toBeCloseTo(1, 1)
  const jumpy = Array.from({ length: 200 }, (_, index) => (Math.floor(index / 10) % 2 === 0 ? 100 : 1))
  const wide = testForecaster(shortForecaster, series(jumpy))
  expect(wide?.low).toBeLessThan(0.7)
  expect(wide?.high).toBeGreaterThan(2)
})

test('too short a past gives no band', () => {
  expect(testForecaster(shortForecaster, series(steady(20, 50)))).toBeNull()
  expect(testForecaster(shortForecaster, series(steady(400, 0)))).toBeNull()
})

test('a window is empty when the rest divided by the pace has passed, between the two ends of the band', () => {
  const errors = { low: 0.5, high: 2, points: 50 }
  const when = forecastExhaustion({ left: 600, perMinute: 10 }, errors, { nowMs: 0, resetMs: 300 * minuteMs })
  expect(when).toEqual({ at: 60 * minuteMs, earliest: 30 * minuteMs, latest: 120 * minuteMs })
})

test('what would happen after the reset does not happen', () => {
  const errors = { low: 0.5, high: 2, points: 50 }
  const when = forecastExhaustion({ left: 600, perMinute: 10 }, errors, { nowMs: 0, resetMs: 50 * minuteMs })
  expect(when).toEqual({ at: null, earliest: 30 * minuteMs, latest: null })
  expect(forecastExhaustion({ left: 600, perMinute: 0 }, null, { nowMs: 0, resetMs: 50 * minuteMs }).at).toBeNull()
})

test('a window that is used up is empty now', () => {
  expect(forecastExhaustion({ left: -5, perMinute: 0 }, null, { nowMs: 7, resetMs: 50 }).at).toBe(7)
})
