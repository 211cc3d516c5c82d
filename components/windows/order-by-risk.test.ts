import { expect, test } from 'vitest'
import type { AccountWindowsJson } from '@/lib/usage/windows-json'
import { drawFirst, orderByRisk } from './order-by-risk'

const windowsOf = (requests: number) => [{ source: null, rolling: { requests } }]
const account = (accountId: string, ...shares: (number | null)[]) =>
  ({
    ...{ accountId, windows: windowsOf(1) },
    limits: shares.map((utilization) => ({ utilization, source: 'estimate' })),
  }) as AccountWindowsJson
const idle = (accountId: string) => ({ ...account(accountId), windows: windowsOf(0) }) as AccountWindowsJson
const idsOf = (accounts: readonly AccountWindowsJson[]) => accounts.map(({ accountId }) => accountId)

test('the account nearest to any of its walls comes first, those that nobody knows of last', () => {
  const accounts = [account('unknown', null, null), account('half', 0.5), account('nearly', 0.1, 0.94), account('none')]
  expect(idsOf(orderByRisk(accounts, []).shown)).toEqual(['nearly', 'half', 'unknown', 'none'])
})

test('many accounts of which there is nothing to tell are folded away, one that was asked for is not', () => {
  const accounts = [idle('a'), idle('b'), account('used'), idle('c'), idle('d'), idle('e')]
  const { shown, folded } = orderByRisk(accounts, ['b', null])
  expect(idsOf(shown)).toEqual(['b', 'used'])
  expect(idsOf(folded)).toEqual(['a', 'c', 'd', 'e'])
})

test('a few of them stand where they are', () => {
  const accounts = [idle('a'), account('used'), idle('c')]
  expect(orderByRisk(accounts, [])).toEqual({ shown: accounts, folded: [] })
})

test('of many the first are drawn, and the one that was asked for', () => {
  const accounts = [account('a'), account('b'), account('c'), account('d')]
  expect(idsOf(drawFirst(accounts, 2, ['d', null]))).toEqual(['a', 'b', 'd'])
})

test('an account that Claude has told of is never folded away', () => {
  const told = { ...idle('told'), limits: [{ utilization: 0, source: 'upstream' }] } as AccountWindowsJson
  const accounts = [told, idle('a'), idle('b'), idle('c'), idle('d')]
  expect(idsOf(orderByRisk(accounts, []).folded)).toEqual(['a', 'b', 'c', 'd'])
})
