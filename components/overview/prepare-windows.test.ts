import { expect, test } from 'vitest'
import type { AccountInUse, KnownLimit } from '@/lib/usage/query-accounts-usage'
import { prepareWindows } from './prepare-windows'

const nowMs = Date.parse('2026-11-23T12:00:00Z')
const accounts = ['a', 'b'].map((id): AccountInUse => ({
  accountId: id,
  name: `Team ${id}`,
  kind: 'api_key',
  isPaused: false,
  domains: [],
}))

function limit(over: Partial<KnownLimit>): KnownLimit {
  return {
    ...{ accountId: 'a', window: '5h', status: null, utilization: 0.5, amount: null, remaining: null },
    ...{ resetsAt: new Date(nowMs + 3_600_000), asOf: new Date(nowMs) },
    ...over,
  }
}

const shown = (...limits: Partial<KnownLimit>[]) => prepareWindows(limits.map(limit), accounts, nowMs)

test('the fullest limit comes first, with the name of its account and the time until its reset', () => {
  expect(shown({ utilization: 0.2 }, { accountId: 'b', window: '7d', utilization: 0.9 })).toMatchObject([
    { account: 'Team b', window: 'seven days', utilization: 0.9, resetText: ' · resets in 1 h 00 m' },
    { account: 'Team a', window: 'five hours', utilization: 0.2 },
  ])
})

test('a limit that was reset since is not shown with its old share', () => {
  expect(shown({ resetsAt: new Date(nowMs) })).toEqual([])
})

test('a limit without a share, and that of an account that is gone, is not shown', () => {
  expect(shown({ utilization: null }, { accountId: 'gone' })).toEqual([])
})

test('no more than five are shown', () => {
  expect(shown(...Array.from({ length: 8 }, (_none, index) => ({ window: `w-${index}` })))).toHaveLength(5)
})
