import { formatCount, formatDuration, formatExact, formatPercent } from '@/lib/format'
import { formatCost } from '@/components/usage/format-metric'
import type { FirstByteTimes } from '@/lib/requests/query-first-byte'
import type { Overview, UsageTotals } from '@/lib/usage/query-overview'
import { groupByStart, sumOf } from './prepare-overview'

/** One figure with its change and its course. */
export interface Kpi {
  readonly key: string
  readonly label: string
  readonly value: string
  /** The figure in full, for the tooltip. */
  readonly exact: string
  /** How it is computed. */
  readonly explanation: string
  readonly note: string | null
  readonly delta: KpiDelta | null
  /** One value a bucket; null = no value there. */
  readonly course: readonly (number | null)[]
  /** Added to the filters of the requests page. */
  readonly filter: Readonly<Record<string, string>>
}

interface KpiDelta {
  readonly text: string
  readonly tone: 'better' | 'worse' | 'neutral'
}

export interface KpiSource {
  readonly overview: Overview
  readonly firstByte: FirstByteTimes
  readonly previousFirstByte: FirstByteTimes
  /** Starts of all buckets, in milliseconds. */
  readonly startsMs: readonly number[]
}

/** The six figures of the overview. */
export function prepareKpis(source: KpiSource): Kpi[] {
  const totals = totalsOf(source.overview)
  const { previous } = source.overview
  const courseOf = (valueOf: (totals: UsageTotals) => number | null) => prepareCourse(source, valueOf)
  return [
    {
      key: 'requests',
      label: 'Requests',
      value: formatCount(totals.requests),
      exact: formatExact(totals.requests),
      explanation: 'Every call that reached the proxy, side calls and refused ones included.',
      note: null,
      delta: relativeDelta(totals.requests, previous.requests, 'neutral'),
      course: courseOf((one) => one.requests),
      filter: {},
    },
    {
      key: 'cost',
      label: 'Cost',
      value: formatCost(totals),
      exact: `$${(totals.costMicroUsd / 1e6).toFixed(6)}`,
      explanation:
        'Tokens of each request times the list price of its model on that day. ~ means that a part is estimated, ≥ that a part has no price.',
      note: costNoteOf(totals),
      delta: relativeDelta(totals.costMicroUsd, previous.costMicroUsd, 'worse'),
      course: courseOf((one) => one.costMicroUsd),
      filter: {},
    },
    tokensKpi(totals, previous, courseOf),
    {
      ...shareKpi({ totals, previous, shareOf: cacheShareOf, whenUp: 'better' }),
      key: 'cache',
      label: 'Cache hits',
      explanation: 'Tokens read from the prompt cache, of all tokens of the prompts.',
      note: null,
      course: courseOf(cacheShareOf),
      filter: {},
    },
    {
      ...shareKpi({ totals, previous, shareOf: errorShareOf, whenUp: 'worse' }),
      key: 'errors',
      label: 'Errors',
      explanation:
        'Requests that failed or were answered with a status of 400 or more. A client that went away is not an error.',
      note: totals.errors === 0 ? null : `${formatExact(totals.errors)} of ${formatExact(totals.requests)}`,
      course: courseOf(errorShareOf),
      filter: { status: 'error' },
    },
    firstByteKpi(source),
  ]
}

function tokensKpi(
  totals: UsageTotals,
  previous: UsageTotals,
  courseOf: (valueOf: typeof tokensOf) => (number | null)[],
): Kpi {
  const cached = totals.cacheReadInputTokens + totals.cacheCreationInputTokens
  return {
    key: 'tokens',
    label: 'Tokens',
    value: formatCount(tokensOf(totals)),
    exact: formatExact(tokensOf(totals)),
    explanation: 'Input, output, cache writes and cache reads, as the upstream counted them.',
    note: `in ${formatCount(totals.inputTokens)} · cache ${formatCount(cached)} · out ${formatCount(totals.outputTokens)}`,
    delta: relativeDelta(tokensOf(totals), tokensOf(previous), 'neutral'),
    course: courseOf(tokensOf),
    filter: {},
  }
}

function firstByteKpi({ firstByte, previousFirstByte, startsMs }: KpiSource): Kpi {
  const byStart = new Map(firstByte.buckets.map(({ start, p95Ms }) => [start.getTime(), p95Ms]))
  const { p95Ms, sampled, isSample } = firstByte
  return {
    key: 'firstByte',
    label: 'First byte, p95',
    value: formatDuration(p95Ms),
    exact: p95Ms === null ? 'no answered request' : `${formatExact(Math.round(p95Ms))} ms`,
    explanation: '95 of 100 answered requests got their first byte within this time, upstream included.',
    note: isSample ? `newest ${formatCount(sampled)} requests` : null,
    delta:
      p95Ms === null || previousFirstByte.p95Ms === null
        ? null
        : relativeDelta(p95Ms, previousFirstByte.p95Ms, 'worse'),
    course: startsMs.map((startMs) => byStart.get(startMs) ?? null),
    filter: {},
  }
}

interface ShareSource {
  readonly totals: UsageTotals
  readonly previous: UsageTotals
  readonly shareOf: (totals: UsageTotals) => number | null
  readonly whenUp: KpiDelta['tone']
}

function shareKpi({ totals, previous, shareOf, whenUp }: ShareSource): Pick<Kpi, 'value' | 'exact' | 'delta'> {
  const share = shareOf(totals)
  const before = shareOf(previous)
  if (share === null) return { value: '–', exact: 'no requests', delta: null }
  const points = before === null ? null : (share - before) * 100
  return {
    value: formatPercent(share),
    exact: `${(share * 100).toFixed(3)}%`,
    delta: points === null ? null : { text: `${signed(points.toFixed(1))} pt`, tone: toneOf(points, whenUp) },
  }
}

function relativeDelta(now: number, before: number, whenUp: KpiDelta['tone']): KpiDelta | null {
  if (before === 0) return null
  const change = (now - before) / before
  // 20 times as much reads better than +1900%.
  const text = change >= 10 ? `×${formatCount(Math.round(now / before))}` : signed(formatPercent(change))
  return { text, tone: toneOf(change, whenUp) }
}

function toneOf(change: number, whenUp: KpiDelta['tone']): KpiDelta['tone'] {
  if (whenUp === 'neutral' || Math.abs(change) < 0.001) return 'neutral'
  return change > 0 === (whenUp === 'better') ? 'better' : 'worse'
}

function signed(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`
}

function costNoteOf({ unpricedRequests, estimatedRequests }: UsageTotals): string | null {
  const parts = [
    ...(unpricedRequests > 0 ? [`${formatExact(unpricedRequests)} unpriced`] : []),
    ...(estimatedRequests > 0 ? [`${formatExact(estimatedRequests)} estimated`] : []),
  ]
  return parts.length > 0 ? parts.join(' · ') : null
}

function prepareCourse(
  { overview, startsMs }: KpiSource,
  valueOf: (totals: UsageTotals) => number | null,
): (number | null)[] {
  const groups = groupByStart(overview.slices)
  return startsMs.map((startMs) => {
    const isRecorded = overview.firstRecordedAt !== null && startMs >= overview.firstRecordedAt.getTime()
    const slices = groups.get(startMs) ?? (isRecorded ? [] : null)
    return slices && valueOf(totalsOf({ slices }))
  })
}

function totalsOf({ slices }: Pick<Overview, 'slices'>): UsageTotals {
  return {
    requests: sumOf(slices, 'requests'),
    errors: sumOf(slices, 'errors'),
    inputTokens: sumOf(slices, 'inputTokens'),
    outputTokens: sumOf(slices, 'outputTokens'),
    cacheCreationInputTokens: sumOf(slices, 'cacheCreationInputTokens'),
    cacheReadInputTokens: sumOf(slices, 'cacheReadInputTokens'),
    costMicroUsd: sumOf(slices, 'costMicroUsd'),
    unpricedRequests: sumOf(slices, 'unpricedRequests'),
    estimatedRequests: sumOf(slices, 'estimatedRequests'),
  }
}

const promptTokensOf = (totals: UsageTotals) =>
  totals.inputTokens + totals.cacheCreationInputTokens + totals.cacheReadInputTokens
const tokensOf = (totals: UsageTotals) => promptTokensOf(totals) + totals.outputTokens
const cacheShareOf = (totals: UsageTotals) =>
  promptTokensOf(totals) === 0 ? null : totals.cacheReadInputTokens / promptTokensOf(totals)
const errorShareOf = (totals: UsageTotals) => (totals.requests === 0 ? null : totals.errors / totals.requests)
