import type { CostConfidence } from '@/lib/claude/cost'
import { sumConfidence, type CostSum } from '@/lib/claude/sum-confidence'

/** What some requests add up to. Money in micro-dollars. */
export interface UsageSums {
  readonly requests: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  /** Part of outputTokens. */
  readonly thinkingTokens: number
  readonly costMicroUsd: number
  /** Requests whose model has no price; they are not in the cost. */
  readonly unpricedRequests: number
  /** Requests whose cost is estimated or a lower bound. */
  readonly estimatedRequests: number
  readonly responseTimeMs: number
}

const columnOf = {
  requests: 'requests',
  errors: 'errors',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheCreationInputTokens: 'cache_creation_input_tokens',
  cacheReadInputTokens: 'cache_read_input_tokens',
  thinkingTokens: 'thinking_tokens',
  costMicroUsd: 'cost_micro_usd',
  unpricedRequests: 'unpriced_requests',
  estimatedRequests: 'estimated_requests',
  responseTimeMs: 'response_time_ms',
} as const satisfies Record<keyof UsageSums, string>

const names = Object.keys(columnOf) as (keyof UsageSums)[]

/** SELECT list that sums ledger columns under the names of UsageSums; exact, as long as a sum stays below 2⁵³. */
export const sumsSql = names.map((name) => `coalesce(sum(${columnOf[name]}::float8), 0) AS "${name}"`).join(', ')

/** The same for sums that are named already, e.g. those of a CTE. */
export const sumsOfSumsSql = names.map((name) => `sum("${name}") AS "${name}"`).join(', ')

export const noUsage: UsageSums = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheCreationInputTokens: 0,
  cacheReadInputTokens: 0,
  thinkingTokens: 0,
  costMicroUsd: 0,
  unpricedRequests: 0,
  estimatedRequests: 0,
  responseTimeMs: 0,
}

export function addUsage(parts: Iterable<UsageSums>): UsageSums {
  const total = { ...noUsage } as { -readonly [Name in keyof UsageSums]: number }
  for (const part of parts) for (const name of names) total[name] += part[name]
  return total
}

type CostSums = Pick<UsageSums, 'costMicroUsd' | 'unpricedRequests' | 'estimatedRequests'>

/** The cost of some requests as a sum that knows how far it can be trusted. */
export const costSumOf = ({ costMicroUsd, unpricedRequests, estimatedRequests }: CostSums): CostSum => {
  return { costMicroUsd, unpriced: unpricedRequests, estimated: estimatedRequests }
}

/** How far the cost of some requests can be trusted. */
export const confidenceOf = (sums: CostSums): CostConfidence => sumConfidence(costSumOf(sums))
