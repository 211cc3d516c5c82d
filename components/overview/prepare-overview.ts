import { buildTimeBars, type BarPeriod, type BarSeries, type TimeBar } from '@/components/charts/time-bars'
import { chooseModelColors, mostSeries, otherColor } from '@/components/charts/series-colors'
import { formatCost } from '@/components/usage/format-metric'
import { formatCount, formatPercent } from '@/lib/format'
import type { Overview, UsageSlice } from '@/lib/usage/query-overview'

export interface ChartModel {
  readonly series: readonly BarSeries[]
  readonly bars: readonly TimeBar[]
  /** The chart in a sentence. */
  readonly summary: string
}

/** Requests that went well below, errors on top. */
export function prepareRequestBars(overview: Overview, period: BarPeriod): ChartModel {
  const slices = groupByStart(overview.slices)
  const bars = buildTimeBars(period, (startMs): Record<string, number> => {
    const inBucket = slices.get(startMs)
    if (!inBucket) return {}
    const errors = sumOf(inBucket, 'errors')
    return { ok: sumOf(inBucket, 'requests') - errors, errors }
  })
  const series = [
    { key: 'ok', name: 'Without error', color: 'var(--chart-1)' },
    { key: 'errors', name: 'Errors', color: 'var(--color-danger)' },
  ]
  return { series, bars, summary: summariseRequests(overview.slices, bars) }
}

function summariseRequests(slices: readonly UsageSlice[], bars: readonly TimeBar[]): string {
  const requests = sumOf(slices, 'requests')
  if (requests === 0) return 'No requests in this period.'
  const errors = sumOf(slices, 'errors')
  const totalOf = (bar: TimeBar) => (bar.values.ok ?? 0) + (bar.values.errors ?? 0)
  const busiest = bars.reduce((best, bar) => (totalOf(bar) > totalOf(best) ? bar : best))
  return (
    `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}, ` +
    `${errors === 0 ? 'no errors' : `${formatCount(errors)} with an error (${formatPercent(errors / requests)})`}. ` +
    `Busiest: ${busiest.fullLabel} with ${formatCount(totalOf(busiest))}.`
  )
}

/** Dollars by model: the most costly five, the rest as Other. */
export function prepareCostBars(overview: Overview, period: BarPeriod): ChartModel {
  const priced = overview.slices.filter((slice) => slice.costMicroUsd > 0)
  const ranked = rankModels(priced)
  const shown = ranked.length > mostSeries ? ranked.slice(0, mostSeries - 1) : ranked
  const colors = chooseModelColors(shown.map(({ model }) => model))
  const keyOf = new Map(shown.map(({ model }, index) => [model, `model${index}`]))
  const slices = groupByStart(priced)
  const bars = buildTimeBars(period, (startMs) => costByKey(slices.get(startMs) ?? [], keyOf))
  const series = shown.map(({ model }) => ({
    key: keyOf.get(model) ?? '',
    name: model || 'no model',
    color: colors.get(model) ?? otherColor,
  }))
  if (ranked.length > shown.length)
    series.push({ key: 'other', name: `Other (${ranked.length - shown.length})`, color: otherColor })
  return { series, bars, summary: summariseCost(ranked, overview.slices) }
}

function costByKey(slices: readonly UsageSlice[], keyOf: ReadonlyMap<string, string>): Record<string, number> {
  const costs: Record<string, number> = {}
  for (const slice of slices) {
    const key = keyOf.get(slice.model) ?? 'other'
    costs[key] = (costs[key] ?? 0) + slice.costMicroUsd / 1e6
  }
  return costs
}

interface ModelCost {
  readonly model: string
  readonly costMicroUsd: number
}

function rankModels(slices: readonly UsageSlice[]): ModelCost[] {
  const totals = new Map<string, number>()
  for (const slice of slices) totals.set(slice.model, (totals.get(slice.model) ?? 0) + slice.costMicroUsd)
  return [...totals]
    .map(([model, costMicroUsd]) => ({ model, costMicroUsd }))
    .sort((a, b) => b.costMicroUsd - a.costMicroUsd)
}

function summariseCost(ranked: readonly ModelCost[], slices: readonly UsageSlice[]): string {
  const costMicroUsd = sumOf(slices, 'costMicroUsd')
  const [unpricedRequests, estimatedRequests] = [sumOf(slices, 'unpricedRequests'), sumOf(slices, 'estimatedRequests')]
  const total = formatCost({ costMicroUsd, unpricedRequests, estimatedRequests })
  const [first] = ranked
  if (!first) return unpricedRequests > 0 ? 'No request of this period has a price.' : 'No cost in this period.'
  const share = formatPercent(first.costMicroUsd / costMicroUsd)
  return `${total} over ${ranked.length} ${ranked.length === 1 ? 'model' : 'models'}; ${first.model || 'no model'} ${share}.`
}

type Counter = Exclude<keyof UsageSlice, 'start' | 'model'>

export function sumOf(slices: readonly UsageSlice[], counter: Counter): number {
  return slices.reduce((sum, slice) => sum + slice[counter], 0)
}

export function groupByStart(slices: readonly UsageSlice[]): Map<number, UsageSlice[]> {
  const groups = new Map<number, UsageSlice[]>()
  for (const slice of slices) groups.set(slice.start.getTime(), [...(groups.get(slice.start.getTime()) ?? []), slice])
  return groups
}
