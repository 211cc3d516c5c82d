import { expect, test } from 'vitest'
import type { Overview, UsageSlice, UsageTotals } from '@/lib/usage/query-overview'
import { prepareKpis, type KpiSource } from './prepare-kpis'
import { prepareCostBars, prepareRequestBars } from './prepare-overview'

const nothing: UsageTotals = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheCreationInputTokens: 0,
  cacheReadInputTokens: 0,
  costMicroUsd: 0,
  unpricedRequests: 0,
  estimatedRequests: 0,
}
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22, 10, minutes))
const slice = (minutes: number, more: Partial<UsageSlice>): UsageSlice => ({
  ...nothing,
  start: at(minutes),
  model: 'claude-opus-5-5',
  ...more,
})
const bucket = { unit: 'step', lengthMs: 600_000, timeZone: 'UTC' } as const
const period = { from: at(0), to: at(35), bucket, firstRecordedAt: at(10) }
const overviewOf = (slices: UsageSlice[], previous: Partial<UsageTotals> = {}): Overview => ({
  slices,
  previous: { ...nothing, ...previous },
  firstRecordedAt: at(10),
})

test('errors stand on top of what went well, and models of one bucket are added up', () => {
  const { bars } = prepareRequestBars(
    overviewOf([slice(10, { requests: 5, errors: 1 }), slice(10, { model: 'claude-haiku-5-5', requests: 2 })]),
    period,
  )
  expect(bars.map((bar) => bar.values)).toEqual([{}, { ok: 6, errors: 1 }, {}, {}])
})

test('before recording began a bucket is missing; later one without requests is empty', () => {
  const { bars } = prepareRequestBars(overviewOf([]), period)
  expect(bars.map((bar) => bar.isMissing)).toEqual([true, false, false, false])
})

test('the bucket that is not over yet is marked', () => {
  const { bars } = prepareRequestBars(overviewOf([]), period)
  expect(bars.map((bar) => bar.isIncomplete)).toEqual([false, false, false, true])
  expect(bars[1]).toMatchObject({ label: '10:10', fullLabel: '22 Nov, 10:10–10:20' })
})

test('a chart says in a sentence what it shows', () => {
  expect(prepareRequestBars(overviewOf([slice(20, { requests: 4, errors: 1 })]), period).summary).toBe(
    '4 requests, 1 with an error (25%). Busiest: 22 Nov, 10:20–10:30 with 4.',
  )
  expect(prepareRequestBars(overviewOf([]), period).summary).toBe('No requests in this period.')
})

test('of more than five models the cheapest are one series', () => {
  const models = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((model, index) =>
    slice(10, { model, costMicroUsd: (7 - index) * 1e6 }),
  )
  const { series, bars } = prepareCostBars(overviewOf(models), period)
  expect(series.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'Other (3)'])
  expect(bars[1]?.values).toEqual({ model0: 7, model1: 6, model2: 5, model3: 4, other: 6 })
})

test('the sentence over the costs is marked as the costs are', () => {
  const summaryOf = (more: Partial<UsageSlice>) =>
    prepareCostBars(overviewOf([slice(10, { costMicroUsd: 2e6, ...more })]), period).summary
  expect(summaryOf({})).toMatch(/^\$2\.00 over 1 model;/)
  expect(summaryOf({ estimatedRequests: 1 })).toMatch(/^~\$2\.00 over/)
  expect(summaryOf({ unpricedRequests: 1 })).toMatch(/^≥\$2\.00 over/)
  expect(summaryOf({ costMicroUsd: 0, unpricedRequests: 1 })).toBe('No request of this period has a price.')
})

test('a model keeps the colour of its family', () => {
  const { series } = prepareCostBars(
    overviewOf([slice(10, { model: 'claude-haiku-5-5', costMicroUsd: 9 }), slice(10, { costMicroUsd: 1 })]),
    period,
  )
  expect(series.map(({ color }) => color)).toEqual(['var(--chart-3)', 'var(--chart-1)'])
})

const noTimes = { p95Ms: null, buckets: [], sampled: 0, isSample: false }
const kpi = (key: string, source: Partial<KpiSource> & { overview: Overview }) =>
  prepareKpis({
    firstByte: noTimes,
    previousFirstByte: noTimes,
    startsMs: [at(0).getTime(), at(10).getTime()],
    ...source,
  }).find((one) => one.key === key)

test('a figure is compared with the period before', () => {
  expect(kpi('requests', { overview: overviewOf([slice(10, { requests: 12 })], { requests: 10 }) })).toMatchObject({
    value: '12',
    delta: { text: '+20%', tone: 'neutral' },
    course: [null, 12],
  })
  expect(
    kpi('errors', { overview: overviewOf([slice(10, { requests: 10, errors: 1 })], { requests: 10, errors: 2 }) }),
  ).toMatchObject({
    value: '10%',
    delta: { text: '−10.0 pt', tone: 'better' },
    filter: { status: 'error' },
  })
})

test('without a period before there is no change', () => {
  expect(kpi('cost', { overview: overviewOf([slice(10, { requests: 1, costMicroUsd: 5 })]) })?.delta).toBeNull()
})

test('a cost with unpriced or estimated parts is marked and says how many', () => {
  const overview = overviewOf([
    slice(10, { requests: 9, costMicroUsd: 1_500_000, unpricedRequests: 2, estimatedRequests: 3 }),
  ])
  expect(kpi('cost', { overview })).toMatchObject({ value: '≥$1.50', note: '2 unpriced · 3 estimated' })
})

test('a cost of which nothing has a price is not zero dollars', () => {
  expect(kpi('cost', { overview: overviewOf([slice(10, { requests: 2, unpricedRequests: 2 })]) })?.value).toBe(
    'unpriced',
  )
})

test('the share of cache hits is of the whole prompt', () => {
  const overview = overviewOf([
    slice(10, { requests: 1, inputTokens: 10, cacheCreationInputTokens: 10, cacheReadInputTokens: 80 }),
  ])
  expect(kpi('cache', { overview })?.value).toBe('80%')
  expect(kpi('cache', { overview: overviewOf([]) })?.value).toBe('–')
})

test('a p95 of a sample says so', () => {
  const firstByte = { p95Ms: 1_234, buckets: [{ start: at(10), p95Ms: 1_234 }], sampled: 50_000, isSample: true }
  expect(kpi('firstByte', { overview: overviewOf([]), firstByte })).toMatchObject({
    value: '1.2 s',
    note: 'newest 50K requests',
    course: [null, 1_234],
  })
})
