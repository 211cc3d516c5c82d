import { queryRows } from '@/lib/dashboard-query'
import { hotPool } from '@/lib/db'
import { shared } from '@/lib/shared'
import { spendPeriodAt, spendPeriodOf, subjectOf, type Limit, type SpendPeriod } from './limit-kinds'
import { LedgerSpend } from './limit-spend'
import { limitedIdOf, listLimits, type ListedLimit } from './limits'
import type { UsageFilter } from './usage-filter'

/** A spend limit or budget, and how far it is used up. Money in micro-dollars. */
export interface Budget extends Limit {
  readonly name: string | null
  readonly period: SpendPeriod
  readonly spentMicroUsd: number
  readonly from: Date
  readonly to: Date
}

const ledgerSpend = () => shared('usage.ledger-spend', () => new LedgerSpend(hotPool))

/** All spend limits and budgets with what was spent so far, the fullest first. */
export async function listBudgets(now = new Date()): Promise<Budget[]> {
  const limits = await listLimits()
  const spent = await ledgerSpend().read(limits, now.getTime())
  const budgets = limits.flatMap((limit) => {
    const period = spendPeriodOf(limit.metric)
    const own = spent.get(subjectOf(limit.scope, limit.scopeId))
    return period === null ? [] : [budgetOf(limit, { period, spentMicroUsd: own?.[period] ?? 0, now })]
  })
  return budgets.sort((a, b) => b.spentMicroUsd / b.amount - a.spentMicroUsd / a.amount)
}

interface Running {
  readonly period: SpendPeriod
  readonly spentMicroUsd: number
  readonly now: Date
}

function budgetOf(limit: ListedLimit, { period, spentMicroUsd, now }: Running): Budget {
  const { fromMs, toMs } = spendPeriodAt(period, now.getTime())
  return { ...limit, period, spentMicroUsd, from: new Date(fromMs), to: new Date(toMs) }
}

/** Those of exactly what the filter chooses: one domain, one client key, one account, or everybody. */
export async function queryBudgets(filter: UsageFilter): Promise<Budget[]> {
  const subject = await subjectOfFilter(filter)
  return subject === null
    ? []
    : (await listBudgets()).filter(({ scope, scopeId }) => subjectOf(scope, scopeId) === subject)
}

async function subjectOfFilter(filter: UsageFilter): Promise<string | null> {
  const given = Object.entries(filter).filter(([, values]) => values && values.length > 0)
  if (given.length === 0) return 'all'
  const [field, values] = given[0] as [string, string[]]
  const [value] = values
  if (given.length > 1 || values.length > 1 || !value || value.startsWith('!')) return null
  if (field === 'clientKeyId')
    return subjectOf('client_key', await limitedIdOf({ scope: 'client_key', scopeId: value }))
  if (field === 'accountId') return subjectOf('account', value)
  if (field !== 'domain') return null
  const [domain] = await queryRows<{ id: string }>('SELECT id FROM domains WHERE name = $1', [value])
  return domain ? subjectOf('domain', domain.id) : null
}
