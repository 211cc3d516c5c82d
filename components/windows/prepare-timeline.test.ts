import { expect, test } from 'vitest'
import { noUsage } from '@/lib/usage/usage-sums'
import { prepareTimeline, type TimelineJson } from './prepare-timeline'

const hourMs = 3_600_000
const startMs = Date.parse('2026-11-22T00:00:00Z')

function window(fromHour: number, costMicroUsd: number, more: Partial<TimelineJson> = {}): TimelineJson {
  const fromMs = startMs + fromHour * hourMs
  const usage = { ...noUsage, requests: 3, costMicroUsd }
  return { fromMs, toMs: fromMs + 5 * hourMs, source: 'estimate', utilization: null, usage, ...more }
}

const at = (hour: number) => ({ nowMs: startMs + hour * hourMs, timeZone: 'UTC' })

test('the newest window comes first, its bar measured by the costliest', () => {
  const rows = prepareTimeline([window(0, 2_000_000), window(5, 1_000_000)], at(7))
  expect(rows).toMatchObject([
    { timeText: '22 Nov, 05:00–10:00', isRunning: true, length: 0.5, costText: '$1.00' },
    { timeText: '22 Nov, 00:00–05:00', isRunning: false, length: 1 },
  ])
})

test('a rest between two windows is a row of its own', () => {
  const rows = prepareTimeline([window(0, 1), window(8, 1)], at(20))
  expect(rows.map((row) => (row.kind === 'gap' ? row.text : row.timeText))).toEqual([
    '22 Nov, 08:00–13:00',
    '3 hours without a request',
    '22 Nov, 00:00–05:00',
  ])
})

test('windows without any cost have no bar', () => {
  expect(prepareTimeline([window(0, 0)], at(7))).toMatchObject([{ length: 0, costText: '$0.00' }])
})

test('a share is told where Claude told one', () => {
  const rows = prepareTimeline([window(0, 1, { source: 'upstream', utilization: 0.4 }), window(5, 1)], at(20))
  expect(rows).toMatchObject([
    { shareText: '–', source: 'our estimate' },
    { shareText: '40%', source: 'Claude' },
  ])
})
