import { formatCostUsd } from '@/lib/format'
import type { ExplorerJson } from './prepare-usage-chart'

interface BudgetPace {
  readonly name: string
  readonly values: readonly number[]
}

const nouns = { day: 'a day', week: 'a week', month: 'a month' } as const

/** The tightest budget of what is shown, as its even share of each bucket; only where money is drawn. */
export function budgetPaceOf({
  metric,
  budgets,
  edges,
}: Pick<ExplorerJson, 'metric' | 'budgets' | 'edges'>): BudgetPace | null {
  if (metric !== 'cost') return null
  const perMs = (budget: (typeof budgets)[number]) => budget.amount / (Date.parse(budget.to) - Date.parse(budget.from))
  const [tightest] = [...budgets].sort((a, b) => perMs(a) - perMs(b))
  if (!tightest) return null
  const values = edges.slice(0, -1).map((edge, index) => {
    return perMs(tightest) * (Date.parse(edges[index + 1] ?? edge) - Date.parse(edge))
  })
  const kind = tightest.isEnforced ? 'Limit' : 'Budget'
  return { name: `${kind}: even pace of ${formatCostUsd(tightest.amount)} ${nouns[tightest.period]}`, values }
}
