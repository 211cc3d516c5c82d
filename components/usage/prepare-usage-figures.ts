import { formatPercent } from '@/lib/format'
import { metricKinds, type UsageMetric } from '@/lib/usage/usage-metrics'
import { formatExactMetric, formatMetric } from './format-metric'
import type { ExplorerJson } from './prepare-usage-chart'

export interface UsageFigure {
  readonly metric: UsageMetric
  readonly name: string
  readonly text: string
  readonly exact: string
  readonly howComputed: string
  /** Against the period before; null = not compared, or nothing to compare with. */
  readonly change: string | null
  /** What qualifies the figure: how much of it is estimated or has no price. */
  readonly note: string | null
}

const shown = ['cost', 'tokens', 'requests', 'cacheHit', 'errorShare', 'responseTime'] as const

/** The figures above the chart, for everything the filters leave. */
export function prepareUsageFigures({ total, previous }: ExplorerJson): UsageFigure[] {
  return shown.map((metric) => {
    const { name, howComputed, valueOf } = metricKinds[metric]
    const value = valueOf(total.sums)
    return {
      ...{ metric, name, howComputed },
      text: formatMetric(metric, value, total.sums),
      exact: formatExactMetric(metric, value),
      change: previous && changeOf(metric, value, valueOf(previous.sums)),
      note: metric === 'cost' ? costNote(total.sums) : null,
    }
  })
}

/** Shares by points, everything else by percent of what it was. */
function changeOf(metric: UsageMetric, now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null
  if (metricKinds[metric].unit === 'share') return signed(now - before, `${((now - before) * 100).toFixed(1)} pt`)
  return before === 0 ? null : signed(now / before - 1, formatPercent(now / before - 1))
}

const signed = (change: number, text: string) => (change > 0 ? `+${text}` : text)

function costNote({ unpricedRequests, estimatedRequests }: ExplorerJson['total']['sums']): string | null {
  const parts = [
    ...(unpricedRequests > 0 ? [`${unpricedRequests} unpriced`] : []),
    ...(estimatedRequests > 0 ? [`${estimatedRequests} estimated`] : []),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}
