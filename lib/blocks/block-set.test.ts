import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { BlockSet } from './block-set'

const hashOf = (number: number) => hash('sha256', `block ${number}`, 'binary').slice(0, 16)
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)

test('what was added is there until it is cleared', () => {
  const set = new BlockSet(1_000)
  const some = numbers(200).map(hashOf)
  for (const one of some) set.add(one)
  expect(some.every((one) => set.has(one))).toBe(true)
  set.clear()
  expect(some.some((one) => set.has(one))).toBe(false)
})

test('it never says yes to what was not added, not even to a hash that differs in its last byte alone', () => {
  const set = new BlockSet(512)
  for (const number of numbers(5_000)) set.add(hashOf(number))
  expect(numbers(5_000, 5_000).some((number) => set.has(hashOf(number)))).toBe(false)
  const last = hashOf(4_999)
  expect(set.has(last)).toBe(true)
  expect(set.has(last.slice(0, 15) + String.fromCharCode(last.charCodeAt(15) ^ 1))).toBe(false)
})

test('a full one forgets what was not asked for longest', () => {
  const set = new BlockSet(8)
  const [first = '', second = '', ...others] = numbers(9).map(hashOf)
  for (const one of [first, second, ...others.slice(0, 6)]) set.add(one)
  expect(set.has(first)).toBe(true)
  set.add(others[6] ?? '')
  expect(set.has(first)).toBe(true)
  expect(set.has(second)).toBe(false)
})

test('what is added again takes no second place', () => {
  const set = new BlockSet(8)
  const some = numbers(8).map(hashOf)
  for (const one of [...some, ...some]) set.add(one)
  expect(some.every((one) => set.has(one))).toBe(true)
})
