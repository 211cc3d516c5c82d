import { chooseModelColors, mostSeries, otherColor, seriesColors } from '@/components/charts/series-colors'
import { axisLabelOf, fullLabelOf, type BarSeries, type TimeBar } from '@/components/charts/time-bars'
import type { Sent } from '@/lib/sent'
import type { Course, Explorer } from '@/lib/usage/query-explorer'
import { timeBucketOf } from '@/lib/usage/usage-buckets'
import { metricKinds } from '@/lib/usage/usage-metrics'
import { budgetPaceOf } from './prepare-budget'
import { formatMetric } from './format-metric'

export type ExplorerJson = Sent<Explorer>
type CourseJson = Sent<Course>

interface UsageChart {
  readonly series: readonly BarSeries[]
  readonly bars: readonly TimeBar[]
  /** The chart in a sentence or two. */
  readonly summary: string
}

interface Drawn {
  readonly part: BarSeries
  readonly values: readonly (number | null)[]
}

/** The largest five, the rest as Other; sums as stacked bars, ratios as lines. Then the period before and the budget. */
export function prepareUsageChart(explorer: ExplorerJson, isCumulative: boolean): UsageChart {
  const { isSum } = metricKinds[explorer.metric]
  const parts = prepareParts(explorer)
  const all = [...parts, ...prepareReferences(explorer)]
  const drawn = isCumulative && isSum ? all.map(cumulate) : all
  return {
    series: drawn.map(({ part }) => part),
    bars: buildBars(explorer, parts, drawn),
    summary: summarise(explorer),
  }
}

/** Colours by key, for the chart and for the table beside it. */
export function chooseColors({ groupBy, lines }: Pick<ExplorerJson, 'groupBy' | 'lines'>): Map<string, string> {
  const keys = lines.slice(0, mostSeries).map(({ key }) => key)
  if (groupBy === 'model') return chooseModelColors(keys)
  return new Map(keys.map((key, index) => [key, seriesColors[index] ?? otherColor]))
}

function prepareParts(explorer: ExplorerJson): Drawn[] {
  const { lines, rest, metric } = explorer
  const look = metricKinds[metric].isSum ? 'bar' : 'line'
  const colors = chooseColors(explorer)
  const shown = lines.slice(0, mostSeries).map((line, index): Drawn => {
    return {
      part: { key: `part${index}`, name: line.name, color: colors.get(line.key) ?? otherColor, look },
      values: line.values,
    }
  })
  const folded = [...lines.slice(mostSeries), ...(rest ? [rest] : [])]
  if (folded.length === 0 || look === 'line') return shown
  const count = lines.length - shown.length + (rest?.count ?? 0)
  const part = { key: 'other', name: `Other (${count})`, color: otherColor, look } as const
  return [...shown, { part, values: addValues(folded) }]
}

function addValues(courses: readonly CourseJson[]): number[] {
  const [first] = courses
  return (first?.values ?? []).map((_, index) => courses.reduce((sum, { values }) => sum + (values[index] ?? 0), 0))
}

function prepareReferences(explorer: ExplorerJson): Drawn[] {
  const { previous } = explorer
  const pace = budgetPaceOf(explorer)
  return [
    ...(previous
      ? [
          {
            part: { key: 'previous', name: 'Period before', color: 'var(--color-muted)', look: 'dashed' } as const,
            values: previous.values,
          },
        ]
      : []),
    ...(pace
      ? [
          {
            part: { key: 'budget', name: pace.name, color: 'var(--color-danger)', look: 'line' } as const,
            values: pace.values,
          },
        ]
      : []),
  ]
}

function cumulate({ part, values }: Drawn): Drawn {
  let sum = 0
  return { part, values: values.map((value) => (sum += value ?? 0)) }
}

/** `parts` say where something was used; what is drawn may run through days before the recording. */
function buildBars(explorer: ExplorerJson, parts: readonly Drawn[], drawn: readonly Drawn[]): TimeBar[] {
  const { edges, timeZone, firstRecordedAt } = explorer
  const [from, to] = [new Date(explorer.from), new Date(explorer.to)]
  const bucket = timeBucketOf(explorer.bucket === 'total' ? 'day' : explorer.bucket, timeZone)
  return edges.slice(0, -1).map((edge, index) => {
    const [start, end] = [new Date(edge), new Date(edges[index + 1] ?? to)]
    const isEmpty = parts.every(({ values }) => !values[index])
    return {
      start: start.toISOString(),
      end: end.toISOString(),
      label: axisLabelOf(start, { from, to, bucket }),
      fullLabel: fullLabelOf(start, end, bucket),
      isIncomplete: end > to || start < from,
      isMissing: isEmpty && (firstRecordedAt === null || end <= new Date(firstRecordedAt)),
      values: Object.fromEntries(
        drawn.flatMap(({ part, values }) => {
          const value = values[index] ?? null
          return value === null ? [] : [[part.key, value]]
        }),
      ),
    }
  })
}

function summarise({ metric, lines, total, previous, groupBy }: ExplorerJson): string {
  const { valueOf, name, isSum } = metricKinds[metric]
  const value = valueOf(total.sums)
  if (total.sums.requests === 0) return 'Nothing was used in this period.'
  // Kinds of tokens stand in their own order.
  const [first] = [...lines].sort((a, b) => (valueOf(b.sums) ?? 0) - (valueOf(a.sums) ?? 0))
  const firstValue = first && valueOf(first.sums)
  const sentences = [`${name}: ${formatMetric(metric, value, total.sums)}`]
  if (first && groupBy && firstValue !== null && firstValue !== undefined && lines.length > 1) {
    sentences.push(
      `${isSum ? 'most of it' : 'highest'} ${first.name} with ${formatMetric(metric, firstValue, first.sums)}`,
    )
  }
  const before = previous && valueOf(previous.sums)
  if (before) sentences.push(`${formatMetric(metric, before, previous.sums)} in the period before`)
  return `${sentences.join('; ')}.`
}
