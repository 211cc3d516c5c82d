import type { CostConfidence } from '@/lib/claude/cost'
import { formatCostUsd, formatCount, formatDuration, formatExact, formatPercent } from '@/lib/format'
import { metricKinds, type UsageMetric } from '@/lib/usage/usage-metrics'
import { confidenceOf, type UsageSums } from '@/lib/usage/usage-sums'

/** A value on the axis or in a tooltip, where nothing is known of its confidence. */
export function formatAxis(metric: UsageMetric, value: number): string {
  const { unit } = metricKinds[metric]
  if (unit === 'money') return formatCostUsd(Math.round(value))
  if (unit === 'share') return formatPercent(value)
  return unit === 'time' ? formatDuration(value) : formatCount(value)
}

/** A value of some usage, marked when its cost is not exact; `–` = there is none. */
export function formatMetric(metric: UsageMetric, value: number | null, sums: UsageSums): string {
  if (value === null) return '–'
  return metric === 'cost' ? formatCost(sums) : formatAxis(metric, value)
}

export type CostSums = Pick<UsageSums, 'costMicroUsd' | 'unpricedRequests' | 'estimatedRequests'>

/** What some requests cost together: `~` where part of it is an estimate, `≥` where part of it has no price. */
export const formatCost = (sums: CostSums): string => formatSum(sums.costMicroUsd, confidenceOf(sums))

export function formatSum(costMicroUsd: number, confidence: CostConfidence): string {
  return confidence === 'partial' ? `≥${formatCostUsd(costMicroUsd)}` : formatCostUsd(costMicroUsd, confidence)
}

/** The figure in full. */
export function formatExactMetric(metric: UsageMetric, value: number | null): string {
  if (value === null) return 'no value'
  const { unit } = metricKinds[metric]
  if (unit === 'money') return `$${(value / 1e6).toFixed(6)}`
  if (unit === 'share') return `${(value * 100).toFixed(3)}%`
  return unit === 'time' ? `${formatExact(Math.round(value))} ms` : formatExact(value)
}
