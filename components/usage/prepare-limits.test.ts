import { expect, test } from 'vitest'
import { prepareLimits, readAmount, type BudgetJson, type LimitJson } from './prepare-limits'

test('dollars are typed as dollars, everything else as counts', () => {
  expect(readAmount('spend_per_month', '$1,250.50')).toBe(1_250_500_000)
  expect(readAmount('requests_per_minute', '60')).toBe(60)
  expect([
    readAmount('requests_per_minute', ''),
    readAmount('requests_per_minute', '-1'),
    readAmount('spend_per_day', 'x'),
  ]).toEqual([null, null, null])
})

const limit: LimitJson = {
  id: '1',
  scope: 'domain',
  scopeId: 'd',
  metric: 'spend_per_day',
  amount: 10_000_000,
  isEnforced: true,
  name: 'team-a',
  createdBy: 'Ada',
  createdAt: '2026-11-22T10:00:00.000Z',
}
const day = { period: 'day', from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' } as const

test('a spend limit says how far it is used up, and warns from three quarters on', () => {
  const budgetAt = (spentMicroUsd: number): BudgetJson => ({ ...limit, ...day, spentMicroUsd })
  const rowAt = (spentMicroUsd: number) => prepareLimits([limit], [budgetAt(spentMicroUsd)])[0]
  expect(rowAt(1_000_000)?.used).toEqual({ share: 0.1, tone: 'ok', text: '$1.00, 10%' })
  expect([rowAt(7_500_000)?.used?.tone, rowAt(9_600_000)?.used?.tone]).toEqual(['warn', 'danger'])
})

test('an amount of money is said as it was set', () => {
  const amountOf = (amount: number) => prepareLimits([{ ...limit, amount }], [])[0]?.amount
  expect([1_250_500_000, 10_000_000, 5_000].map(amountOf)).toEqual(['$1,250.50', '$10.00', '$0.005'])
})

test('a limit of what is gone says so', () => {
  expect(prepareLimits([{ ...limit, name: null }], [])[0]?.subject).toBe('domain (gone)')
})
