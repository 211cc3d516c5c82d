import { expect, test } from 'vitest'
import type { AccountWindowsJson } from '@/lib/usage/windows-json'
import { orderByRisk } from './order-by-risk'

const account = (accountId: string, ...shares: (number | null)[]) =>
  ({ accountId, limits: shares.map((utilization) => ({ utilization })) }) as AccountWindowsJson

test('the account nearest to any of its walls comes first, those that nobody knows of last', () => {
  const accounts = [account('unknown', null, null), account('half', 0.5), account('nearly', 0.1, 0.94), account('none')]
  expect(orderByRisk(accounts).map(({ accountId }) => accountId)).toEqual(['nearly', 'half', 'unknown', 'none'])
})
