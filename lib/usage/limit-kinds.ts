/** The limits and budgets of our own: words that the database, the API and the pages share. Pure, safe in the browser. */

export const limitScopes = ['all', 'domain', 'client_key', 'account'] as const
export type LimitScope = (typeof limitScopes)[number]

export const limitMetrics = [
  'requests_per_minute',
  'input_tokens_per_minute',
  'concurrent_requests',
  'spend_per_day',
  'spend_per_week',
  'spend_per_month',
] as const
export type LimitMetric = (typeof limitMetrics)[number]

export const spendPeriods = ['day', 'week', 'month'] as const
export type SpendPeriod = (typeof spendPeriods)[number]

export interface Limit {
  readonly id: string
  readonly scope: LimitScope
  /** Id of the domain or client key, accountId of the account, '' for all. */
  readonly scopeId: string
  readonly metric: LimitMetric
  /** Requests, tokens, or micro-dollars. */
  readonly amount: number
  /** false = a budget: shown, nobody is refused. */
  readonly isEnforced: boolean
}

/** The period of a spend limit; null for the other metrics. */
export function spendPeriodOf(metric: LimitMetric): SpendPeriod | null {
  return spendPeriods.find((period) => metric === `spend_per_${period}`) ?? null
}

/** What is counted together. */
export function subjectOf(scope: LimitScope, scopeId: string): string {
  return scope === 'all' ? 'all' : `${scope}:${scopeId}`
}

export const metricNames: Record<LimitMetric, string> = {
  requests_per_minute: 'Requests a minute',
  input_tokens_per_minute: 'Input tokens a minute',
  concurrent_requests: 'Requests at once',
  spend_per_day: 'Spend a day',
  spend_per_week: 'Spend a week',
  spend_per_month: 'Spend a month',
}

const dayMs = 86_400_000

/** Beginning and end of the period that an instant lies in. Days, weeks from Monday and months are those of UTC. */
export function spendPeriodAt(period: SpendPeriod, atMs: number): { fromMs: number; toMs: number } {
  const at = new Date(atMs)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (period === 'month') return { fromMs: Date.UTC(year, month, 1), toMs: Date.UTC(year, month + 1, 1) }
  const midnight = Date.UTC(year, month, day)
  if (period === 'day') return { fromMs: midnight, toMs: midnight + dayMs }
  const monday = midnight - ((at.getUTCDay() + 6) % 7) * dayMs
  return { fromMs: monday, toMs: monday + 7 * dayMs }
}
