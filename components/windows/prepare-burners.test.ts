import { expect, test } from 'vitest'
import { formatCost } from '@/components/usage/format-metric'
import { prepareBurners } from './prepare-burners'

const sums = (costMicroUsd: number) => ({
  ...{ requests: 1, tokens: 10, costMicroUsd, unpricedRequests: 0, estimatedRequests: 0 },
})
const key = (domain: string, clientKeyId: string, costMicroUsd: number) => ({
  ...{ domain, clientKeyId, clientKeyName: `name of ${clientKeyId}` },
  ...sums(costMicroUsd),
})

test('domains come before their keys and keys before their conversations, the costliest first', () => {
  const keys = [key('b', 'k2', 6), key('a', 'k1', 3), key('b', 'k3', 1)]
  const conversation = { domain: 'b', clientKeyId: 'k2', conversationId: 'c1', title: 'Fix it', ...sums(5) }
  expect(prepareBurners(keys, [conversation]).map(({ level, name, share }) => [level, name, share])).toEqual([
    [0, 'b', 0.7],
    [1, 'name of k2', 0.6],
    [2, 'Fix it', 0.5],
    [1, 'name of k3', 0.1],
    [0, 'a', 0.3],
    [1, 'name of k1', 0.3],
  ])
})

test('a domain is marked when a key of it is', () => {
  const keys = [{ ...key('a', 'k1', 2), unpricedRequests: 1 }, key('a', 'k2', 1), key('b', 'k3', 1)]
  expect(prepareBurners(keys, []).map(formatCost)).toEqual([
    '≥<$0.0001',
    '≥<$0.0001',
    '<$0.0001',
    '<$0.0001',
    '<$0.0001',
  ])
})

test('what cost nothing has no share', () => {
  expect(prepareBurners([key('a', 'k1', 0)], []).map(({ share }) => share)).toEqual([null, null])
})

test('calls without a key and keys that are gone are told apart', () => {
  const none = { ...key('a', '00000000-0000-0000-0000-000000000000', 2), clientKeyName: null }
  const gone = { ...key('a', 'k1', 1), clientKeyName: null }
  expect(prepareBurners([none, gone], []).map(({ name }) => name)).toEqual([
    'a',
    'without a client key',
    'a deleted client key',
  ])
})
