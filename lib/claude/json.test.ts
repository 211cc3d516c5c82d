import { expect, test } from 'vitest'
import { stringifyJson } from './json'

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

test('a value of a thousand levels has its JSON text', () => {
  expect(stringifyJson(nested(1000))).toHaveLength(2000)
})

test('a value of more levels has none, however deep this Node.js could go', () => {
  expect(stringifyJson(nested(1001))).toBeNull()
  expect(stringifyJson(nested(200_000))).toBeNull()
})
