import { toneOf, type Tone } from '@/components/windows/prepare-window'
import type { Sent } from '@/lib/sent'
import { formatCostUsd, formatExact, formatPercent } from '@/lib/format'
import { formatExactUsd } from '@/lib/money'
import type { Budget } from '@/lib/usage/budgets'
import { metricNames, spendPeriodOf, type LimitMetric } from '@/lib/usage/limit-kinds'
import type { ListedLimit } from '@/lib/usage/limits'

export type LimitJson = Sent<ListedLimit>
export type BudgetJson = Sent<Budget>

export interface LimitRow {
  readonly limit: LimitJson
  /** Whom it is for. */
  readonly subject: string
  /** What it bounds, and by how much. */
  readonly name: string
  readonly amount: string
  /** Of a spend limit: how far it is used up; null = not money. */
  readonly used: { readonly share: number; readonly text: string; readonly tone: Tone } | null
}

const scopeNames = { all: 'everybody', domain: 'domain', client_key: 'client key', account: 'account' } as const

export function prepareLimits(limits: readonly LimitJson[], budgets: readonly BudgetJson[]): LimitRow[] {
  return limits.map((limit) => {
    const budget = budgets.find(({ id }) => id === limit.id)
    return {
      limit,
      subject: limit.scope === 'all' ? 'everybody' : `${scopeNames[limit.scope]} ${limit.name ?? '(gone)'}`,
      name: metricNames[limit.metric],
      amount: amountText(limit.metric, limit.amount),
      used: budget ? usedOf(budget) : null,
    }
  })
}

function usedOf({ amount, spentMicroUsd }: BudgetJson): LimitRow['used'] {
  const share = spentMicroUsd / amount
  return { share, tone: toneOf(share), text: `${formatCostUsd(spentMicroUsd)}, ${formatPercent(share)}` }
}

function amountText(metric: LimitMetric, amount: number): string {
  return spendPeriodOf(metric) === null ? formatExact(amount) : formatExactUsd(amount)
}

/** What a person typed, in the unit of the metric: dollars become micro-dollars. null = no usable number. */
export function readAmount(metric: LimitMetric, text: string): number | null {
  const value = Number(
    text
      .trim()
      .replace(/^\$/, '')
      .replaceAll(/[,_ ](?=\d{3}\b)/g, ''),
  )
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) return null
  return spendPeriodOf(metric) === null ? Math.round(value) : Math.round(value * 1e6)
}
