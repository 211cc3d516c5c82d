import { expect, test } from 'vitest'
import { noUsage, type UsageSums } from '@/lib/usage/usage-sums'
import { formatCost } from './format-metric'
import { budgetPaceOf } from './prepare-budget'
import { prepareUsageChart, type ExplorerJson } from './prepare-usage-chart'
import { prepareUsageFigures } from './prepare-usage-figures'
import { prepareUsageTable } from './prepare-usage-table'

const dayMs = 86_400_000
const fromMs = Date.parse('2026-11-20T00:00:00Z')
const edges = [0, 1, 2, 3].map((day) => new Date(fromMs + day * dayMs).toISOString())

function line(key: string, costs: (number | null)[], sums: Partial<UsageSums> = {}) {
  const costMicroUsd = costs.reduce((sum: number, cost) => sum + (cost ?? 0), 0)
  return { key, name: key, values: costs, sums: { ...noUsage, requests: 10, costMicroUsd, ...sums } }
}

function explorer(more: Partial<ExplorerJson> = {}): ExplorerJson {
  return {
    ...{
      from: edges[0] ?? '',
      to: new Date(fromMs + 2.5 * dayMs).toISOString(),
      asOf: edges[3] ?? '',
      timeZone: 'UTC',
    },
    ...{ metric: 'cost', groupBy: 'domain', bucket: 'day', edges, firstRecordedAt: edges[0] ?? null },
    ...{ lines: [], rest: null, total: line('all', [1, 2, 3]), previous: null, unpriced: [], budgets: [] },
    ...more,
  } as ExplorerJson
}

const sevenLines = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key, index) => line(key, [70 - index, 0, 1]))

test('five groups are drawn for themselves, all others as one', () => {
  const { series, bars } = prepareUsageChart(
    explorer({ lines: sevenLines, rest: { ...line('', [5, 0, 0]), count: 12 } }),
    false,
  )
  expect(series.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'Other (14)'])
  expect(bars[0]?.values.other).toBe(65 + 64 + 5)
})

test('the bar that is not over is marked', () => {
  const { bars } = prepareUsageChart(explorer({ lines: sevenLines }), false)
  expect(bars.map(({ isIncomplete }) => isIncomplete)).toEqual([false, false, true])
})

test('a day before the recording began is missing, not zero', () => {
  const { bars } = prepareUsageChart(
    explorer({ lines: [line('a', [0, 0, 4])], firstRecordedAt: '2026-11-21T12:00:00Z' }),
    false,
  )
  expect(bars.map(({ isMissing }) => isMissing)).toEqual([true, false, false])
})

test('a budget line does not fill a day before the recording began', () => {
  const budgets = [budget(30_000_000, false)] as ExplorerJson['budgets']
  const { bars } = prepareUsageChart(
    explorer({ budgets, lines: [line('a', [0, 0, 4])], firstRecordedAt: edges[1] }),
    false,
  )
  expect(bars.map(({ isMissing }) => isMissing)).toEqual([true, false, false])
})

test('cumulated, every bar holds those before it', () => {
  const { bars } = prepareUsageChart(explorer({ lines: [line('a', [1, null, 3])] }), true)
  expect(bars.map(({ values }) => values.part0)).toEqual([1, 1, 4])
})

test('ratios are lines with gaps, and are neither stacked, folded nor cumulated', () => {
  const lines = sevenLines.map((one) => ({ ...one, values: [0.5, null, 0.2] }))
  const { series, bars } = prepareUsageChart(explorer({ metric: 'cacheHit', lines }), true)
  expect(series.map(({ look }) => look)).toEqual(['line', 'line', 'line', 'line', 'line'])
  expect(bars.map(({ values }) => values.part0)).toEqual([0.5, undefined, 0.2])
})

test('the period before is a dashed line', () => {
  const { series, bars } = prepareUsageChart(
    explorer({ lines: [line('a', [1, 2, 3])], previous: line('all', [9, 8, 7]) }),
    false,
  )
  expect(series.at(-1)).toMatchObject({ name: 'Period before', look: 'dashed' })
  expect(bars.map(({ values }) => values.previous)).toEqual([9, 8, 7])
})

const budget = (amount: number, isEnforced: boolean) => ({
  ...{ id: String(amount), scope: 'all', scopeId: '', metric: 'spend_per_month', amount, isEnforced, name: null },
  ...{ period: 'month', spentMicroUsd: 0, from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
})

test('the budget line is the even share of the tightest budget', () => {
  const budgets = [budget(90_000_000, true), budget(30_000_000, false)] as ExplorerJson['budgets']
  expect(budgetPaceOf(explorer({ budgets }))).toEqual({
    name: 'Budget: even pace of $30.00 a month',
    values: [1e6, 1e6, 1e6],
  })
  expect(budgetPaceOf(explorer({ budgets, metric: 'tokens' }))).toBeNull()
})

test('the sentence says how much, most of what, and what it was before', () => {
  const lines = [line('team-a', [0, 2_000_000, 0]), line('team-b', [0, 1_000_000, 0])]
  const { summary } = prepareUsageChart(
    explorer({ lines, total: line('all', [0, 3_000_000, 0]), previous: line('all', [4_000_000]) }),
    false,
  )
  expect(summary).toBe('Cost: $3.00; most of it team-a with $2.00; $4.00 in the period before.')
})

test('the sentence names the largest part, in whatever order the parts stand', () => {
  const lines = [line('input', [1_000_000]), line('cacheRead', [5_000_000])]
  const { summary } = prepareUsageChart(explorer({ lines, total: line('all', [6_000_000]) }), false)
  expect(summary).toBe('Cost: $6.00; most of it cacheRead with $5.00.')
})

test('the table has a share for parts of a sum, and one row for what is beyond', () => {
  const rows = prepareUsageTable(
    explorer({ lines: [line('a', [3, 0, 0])], rest: { ...line('', [1, 1, 1]), count: 4 } }),
  )
  expect(rows.map(({ name, share, key }) => [name, share, key])).toEqual([
    ['a', 0.5, 'a'],
    ['4 smaller ones', 0.5, null],
  ])
})

test('a group without a price has no share of the cost', () => {
  const total = line('all', [2_000_000])
  const rows = prepareUsageTable(
    explorer({ total, lines: [line('a', [2_000_000]), line('b', [0], { unpricedRequests: 10 })] }),
  )
  expect(rows.map(({ text, share }) => [text, share])).toEqual([
    ['$2.00', 1],
    ['unpriced', null],
  ])
})

test('sums change by percent, shares by points', () => {
  const total = line('all', [3_000_000], { requests: 200, errors: 10 })
  const previous = line('all', [2_000_000], { requests: 100, errors: 2 })
  const changes = prepareUsageFigures(explorer({ total, previous })).map(({ name, change }) => [name, change])
  expect(Object.fromEntries(changes)).toMatchObject({ Cost: '+50%', Requests: '+100%', 'Error share': '+3.0 pt' })
})

test('a cost without some of its prices is a lower bound, without any of them unpriced', () => {
  expect(formatCost({ costMicroUsd: 2_000_000, unpricedRequests: 1, estimatedRequests: 0 })).toBe('≥$2.00')
  expect(formatCost({ costMicroUsd: 0, unpricedRequests: 1, estimatedRequests: 0 })).toBe('unpriced')
  expect(formatCost({ costMicroUsd: 2_000_000, unpricedRequests: 0, estimatedRequests: 3 })).toBe('~$2.00')
})
