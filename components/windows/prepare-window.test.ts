import { expect, test } from 'vitest'
import type { WindowDetailJson } from '@/lib/usage/windows-json'
import { prepareWindow, toneOf } from './prepare-window'

const clock = { nowMs: Date.parse('2026-11-22T12:00:00Z'), timeZone: 'UTC' }

function window(more: Partial<WindowDetailJson> = {}): WindowDetailJson {
  return {
    ...{ window: '5h', utilization: 0.62, source: 'upstream', status: 'allowed' },
    ...{ resetsAt: '2026-11-22T13:30:00.000Z', asOf: '2026-11-22T11:58:00.000Z' },
    rolling: {
      ...{ requests: 1, errors: 0, inputTokens: 1, outputTokens: 1, cacheCreationInputTokens: 0 },
      ...{ cacheReadInputTokens: 0, costMicroUsd: 10, costConfidence: 'exact' },
    },
    ...{ exhaustion: null, errors: null, forecaster: 'pace of the last quarter of an hour' },
    ...more,
  }
}

test('what Claude said is a share with its reset, counted down and absolute', () => {
  expect(prepareWindow(window(), clock)).toMatchObject({
    shareText: '62%',
    source: 'Claude',
    isStale: false,
    resetText: 'Resets in 1 h 30 m, at 22 Nov, 13:30.',
  })
})

test('what is our own estimate says so', () => {
  const figure = prepareWindow(window({ source: 'estimate', resetsAt: null }), clock)
  expect(figure).toMatchObject({ shareText: '~62%', source: 'our estimate' })
  expect(figure.resetText).toContain('is over')
})

test('a word of Claude older than half an hour is only the last known one', () => {
  expect(prepareWindow(window({ asOf: '2026-11-22T11:29:00.000Z' }), clock).isStale).toBe(true)
})

test('a window nobody spoke of is unknown, not empty', () => {
  const figure = prepareWindow(window({ utilization: null, source: null, asOf: null, resetsAt: null }), clock)
  expect(figure).toMatchObject({ share: null, shareText: 'unknown', source: null, isStale: false })
})

test('the gauge warns from three quarters on and alarms from 95 percent', () => {
  expect([0.74, 0.75, 0.94, 0.95, 1.2, null].map(toneOf)).toEqual(['ok', 'warn', 'warn', 'danger', 'danger', 'ok'])
})

test('the forecast names its band', () => {
  const exhaustion = {
    at: '2026-11-22T12:30:00.000Z',
    earliest: '2026-11-22T12:20:00.000Z',
    latest: '2026-11-22T13:00:00.000Z',
  }
  const { forecast } = prepareWindow(window({ exhaustion }), clock)
  expect(forecast).toBe(
    'At the present pace it is used up in 30 m 00 s, at 22 Nov, 12:30; not before 22 Nov, 12:20 and not after 22 Nov, 13:00.',
  )
})

test('a pace that lasts until the reset says what the worst of the past would mean', () => {
  const exhaustion = { at: null, earliest: '2026-11-22T13:10:00.000Z', latest: null }
  expect(prepareWindow(window({ exhaustion }), clock).forecast).toBe(
    'At the present pace it lasts until the reset; at worst it is used up at 22 Nov, 13:10.',
  )
})

test('how the band was found is told, or that there is none', () => {
  expect(prepareWindow(window(), clock).howComputed).toContain('too little of the past')
  const errors = { low: 0.5, high: 2, points: 40 }
  expect(prepareWindow(window({ errors }), clock).howComputed).toContain('between 0.50 and 2.00 times')
})
