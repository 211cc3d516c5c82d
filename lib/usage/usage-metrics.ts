import { noUsage, type UsageSums } from './usage-sums'

/** What the usage page can measure. Pure, safe in the browser. */

export const usageMetrics = [
  'cost',
  'tokens',
  'inputTokens',
  'cacheWriteTokens',
  'cacheReadTokens',
  'outputTokens',
  'thinkingTokens',
  'requests',
  'errors',
  'errorShare',
  'cacheHit',
  'responseTime',
] as const
export type UsageMetric = (typeof usageMetrics)[number]

type RankBy = keyof UsageSums | 'tokens'

interface MetricKind {
  readonly name: string
  /** What its value is made of, for a reader who wants to check it. */
  readonly howComputed: string
  /** micro-dollars · plain counts · 0 to 1 · milliseconds */
  readonly unit: 'money' | 'count' | 'share' | 'time'
  /** Parts of it add up: it may be stacked and cumulated. */
  readonly isSum: boolean
  /** Groups with the most of this are told apart. */
  readonly rankBy: RankBy
  /** null = there is nothing to divide by. */
  readonly valueOf: (sums: UsageSums) => number | null
}

const promptTokens = (sums: UsageSums) => sums.inputTokens + sums.cacheCreationInputTokens + sums.cacheReadInputTokens
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole)
const sumOf = (name: keyof UsageSums, label: string, howComputed: string): MetricKind => {
  return { name: label, howComputed, unit: 'count', isSum: true, rankBy: name, valueOf: (sums) => sums[name] }
}

export const metricKinds: Record<UsageMetric, MetricKind> = {
  cost: {
    ...sumOf('costMicroUsd', 'Cost', ''),
    unit: 'money',
    howComputed:
      'The tokens of every request, as the upstream counted them, at the price of their model on that day. Requests without a known price are not in it and are listed as such.',
  },
  tokens: {
    ...sumOf('inputTokens', 'All tokens', 'Uncached input, cache writes, cache reads and output, added up.'),
    rankBy: 'tokens',
    valueOf: (sums) => promptTokens(sums) + sums.outputTokens,
  },
  inputTokens: sumOf(
    'inputTokens',
    'Uncached input',
    '`input_tokens` of the upstream’s usage: what was neither read from nor written to the cache.',
  ),
  cacheWriteTokens: sumOf(
    'cacheCreationInputTokens',
    'Cache writes',
    '`cache_creation_input_tokens`, for five minutes and for an hour together.',
  ),
  cacheReadTokens: sumOf('cacheReadInputTokens', 'Cache reads', '`cache_read_input_tokens` of the upstream’s usage.'),
  outputTokens: sumOf(
    'outputTokens',
    'Output',
    '`output_tokens`, thinking included. Of an answer that was cut off, at least what was received.',
  ),
  thinkingTokens: sumOf('thinkingTokens', 'Thinking', 'The part of the output that the upstream counted as thinking.'),
  requests: sumOf('requests', 'Requests', 'Every recorded call, those that failed too.'),
  errors: sumOf(
    'errors',
    'Errors',
    'Calls that ended with status 400 or more, or did not end well. A client that left is no error.',
  ),
  errorShare: {
    name: 'Error share',
    howComputed: 'Errors divided by requests.',
    unit: 'share',
    isSum: false,
    rankBy: 'errors',
    valueOf: (sums) => ratio(sums.errors, sums.requests),
  },
  cacheHit: {
    name: 'Cache hit',
    howComputed: 'Cache reads divided by the whole prompt: uncached input, cache writes and cache reads.',
    unit: 'share',
    isSum: false,
    rankBy: 'tokens',
    valueOf: (sums) => ratio(sums.cacheReadInputTokens, promptTokens(sums)),
  },
  responseTime: {
    name: 'Mean duration',
    howComputed:
      'From the first byte of the request to the last byte of the answer, divided by the number of requests.',
    unit: 'time',
    isSum: false,
    rankBy: 'requests',
    valueOf: (sums) => ratio(sums.responseTimeMs, sums.requests),
  },
}

/** What decides the place of a group. */
export function rankOf(metric: UsageMetric, sums: UsageSums): number {
  const { rankBy } = metricKinds[metric]
  return rankBy === 'tokens' ? promptTokens(sums) + sums.outputTokens : sums[rankBy]
}

/** The kinds of tokens as groups of their own, in the fixed order of their colours. */
export const tokenKinds = [
  { key: 'input', name: 'Uncached input', column: 'inputTokens' },
  { key: 'cacheWrite', name: 'Cache write', column: 'cacheCreationInputTokens' },
  { key: 'cacheRead', name: 'Cache read', column: 'cacheReadInputTokens' },
  { key: 'output', name: 'Output', column: 'outputTokens' },
] as const

/** The usage of one kind of tokens alone. */
export function ofTokenKind(sums: UsageSums, column: (typeof tokenKinds)[number]['column']): UsageSums {
  return { ...noUsage, [column]: sums[column] }
}
