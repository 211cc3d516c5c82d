import { mostSeries, otherColor } from '@/components/charts/series-colors'
import { metricKinds, type UsageMetric } from '@/lib/usage/usage-metrics'
import { confidenceOf, type UsageSums } from '@/lib/usage/usage-sums'
import { formatExactMetric, formatMetric } from './format-metric'
import { chooseColors, type ExplorerJson } from './prepare-usage-chart'

export interface UsageRow {
  /** null = everything beyond the lines. */
  readonly key: string | null
  readonly name: string
  /** null = drawn as part of Other. */
  readonly color: string | null
  readonly text: string
  readonly exact: string
  /** Of the whole, 0 to 1; null where parts do not add up to one. */
  readonly share: number | null
  readonly course: readonly (number | null)[]
}

/** One row for each group, largest first; the smallest together as the last one. */
export function prepareUsageTable(explorer: ExplorerJson): UsageRow[] {
  const { lines, rest, metric, total } = explorer
  const { valueOf, isSum } = metricKinds[metric]
  const colors = chooseColors(explorer)
  const whole = valueOf(total.sums) ?? 0
  const rowOf = (line: (typeof lines)[number], key: string | null, color: string | null): UsageRow => {
    const value = valueOf(line.sums)
    return {
      ...{ key, color, name: line.name, course: line.values },
      text: formatMetric(metric, value, line.sums),
      exact: formatExactMetric(metric, value),
      share: isSum && whole > 0 && value !== null && !isUnknownCost(metric, line.sums) ? value / whole : null,
    }
  }
  const rows = lines.map((line, index) =>
    rowOf(line, line.key, index < mostSeries ? (colors.get(line.key) ?? otherColor) : null),
  )
  if (!rest) return rows
  return [...rows, rowOf({ ...rest, key: '', name: `${rest.count} smaller ones` }, null, null)]
}

/** What has no price has no share of the cost either, not even a share of nothing. */
function isUnknownCost(metric: UsageMetric, sums: UsageSums): boolean {
  return metric === 'cost' && confidenceOf(sums) === 'unpriced'
}
