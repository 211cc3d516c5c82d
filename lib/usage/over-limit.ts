import { formatExactUsd } from '@/lib/money'
import type { HeaderList, OverLimit } from '@/lib/proxy/ports'
import { spendPeriodAt, spendPeriodOf, type Limit, type SpendPeriod } from './limit-kinds'
import { secondsUntilBelow } from './minute-counts'

/** What is known of a subject at the moment of a call. */
export interface Standing {
  readonly nowMs: number
  /** Counts of the last minute, a number a second. */
  readonly requests: () => readonly number[]
  readonly inputTokens: () => readonly number[]
  readonly inFlight: () => number
  /** Micro-dollars spent in the running period. */
  readonly spent: (period: SpendPeriod) => number
}

/** Whether one more call would break the limit; null = it may come in. */
export function judgeLimit(limit: Limit, standing: Standing): OverLimit | null {
  const period = spendPeriodOf(limit.metric)
  if (period) return standing.spent(period) >= limit.amount ? overSpend(limit, period, standing.nowMs) : null
  const seconds = secondsToWait(limit, standing)
  return seconds > 0 ? overRate(limit, seconds) : null
}

function secondsToWait({ metric, amount }: Limit, standing: Standing): number {
  if (metric === 'requests_per_minute') return secondsUntilBelow(standing.requests(), amount)
  if (metric === 'input_tokens_per_minute') return secondsUntilBelow(standing.inputTokens(), amount)
  // Nobody knows when one of the running calls will end.
  return standing.inFlight() >= amount ? 1 : 0
}

function overRate(limit: Limit, retryAfterSeconds: number): OverLimit {
  return {
    type: 'rate_limit_error',
    message: 'Rate limit exceeded',
    retryAfterSeconds,
    headers: [['x-nexus-limit', `${limit.scope} ${limit.metric} ${limit.amount}`]],
  }
}

const adjectives = { day: 'daily', week: 'weekly', month: 'monthly' } as const
const scopeNames = { all: 'this proxy', domain: 'this domain', client_key: 'this client key', account: 'this account' }

/** Worded and headed so that Claude Code shows the message instead of trying again. */
function overSpend(limit: Limit, period: SpendPeriod, nowMs: number): OverLimit {
  const { toMs } = spendPeriodAt(period, nowMs)
  const resetsAt = new Date(toMs).toISOString().slice(0, 16).replace('T', ' ')
  return {
    type: 'billing_error',
    message: `The ${adjectives[period]} spend limit of ${formatExactUsd(limit.amount)} for ${scopeNames[limit.scope]} is reached. It resets at ${resetsAt} UTC.`,
    retryAfterSeconds: Math.ceil((toMs - nowMs) / 1000),
    headers: spendHeaders(period, toMs),
  }
}

function spendHeaders(period: SpendPeriod, resetMs: number): HeaderList {
  const reset = String(Math.floor(resetMs / 1000))
  const unified = (name: string, value: string) => [`anthropic-ratelimit-unified-${name}`, value] as const
  return [
    unified('status', 'rejected'),
    unified('reset', reset),
    unified('overage-reset', reset),
    unified('overage-utilization', '1'),
    unified('overage-surpassed-threshold', '1'),
    unified('overage-period', adjectives[period]),
    unified('overage-disabled-reason', 'org_spend_cap_reached'),
  ]
}
