import { expect, test } from 'vitest'
import { buildPastWindows } from './past-windows'

const hour = (hours: number) => hours * 3_600_000
const inHours = (given: Parameters<typeof buildPastWindows>[0], count = 14) =>
  buildPastWindows(given, count).map(({ fromMs, toMs, source }) => [fromMs / hour(1), toMs / hour(1), source])

test('a window begins with the first request after the one before, and lasts five hours', () => {
  expect(inHours({ activeHours: [1, 2, 5, 6, 20].map(hour), observed: [] })).toEqual([
    [1, 6, 'estimate'],
    [6, 11, 'estimate'],
    [20, 25, 'estimate'],
  ])
})

test('windows that the upstream named stand, guesses fill what is between', () => {
  const observed = [{ resetsAtMs: hour(10.5), utilization: 0.4 }]
  expect(inHours({ activeHours: [3, 4, 5, 6, 9, 10, 11].map(hour), observed })).toEqual([
    [3, 5.5, 'estimate'],
    [5.5, 10.5, 'upstream'],
    [11, 16, 'estimate'],
  ])
})

test('two words for almost the same reset are one window', () => {
  const observed = [
    { resetsAtMs: hour(10), utilization: 0.4 },
    { resetsAtMs: hour(10) + 60_000, utilization: 0.5 },
  ]
  expect(inHours({ activeHours: [], observed })).toEqual([[5, 10, 'upstream']])
})

test('only the last ones are told', () => {
  expect(inHours({ activeHours: [0, 10, 20, 30].map(hour), observed: [] }, 2)).toEqual([
    [20, 25, 'estimate'],
    [30, 35, 'estimate'],
  ])
})
