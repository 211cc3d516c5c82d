import { expect, test } from 'vitest'
import { contextWindowOf } from './context-window'
import { getPrice, getPricedModel, priceBook, priceOverrideSchema, withOverrides } from './price-book'

const rates = { input: 1, output: 2, cacheWrite5m: 3, cacheWrite1h: 4, cacheRead: 5 }
const override = (model: string, from: string) => priceOverrideSchema.parse({ model, from, rates })
const plainPrice = (book = priceBook(), model = 'claude-sonnet-5-5', day = '2026-11-22') => {
  const found = getPricedModel(book, model)
  return found && getPrice(found, new Date(day))?.price.rates.input
}

test('the prices of every model are in the order of their days', () => {
  for (const { prices } of priceBook().models.values()) {
    expect(prices.map(({ from }) => from)).toEqual(prices.map(({ from }) => from).toSorted())
  }
})

test('every built-in cache write is 1.25 and 2 times its input, to the cent the list rounds to', () => {
  for (const { prices } of priceBook().models.values()) {
    for (const { rates: list } of prices) {
      expect(Math.abs(list.cacheWrite5m - 1.25 * list.input)).toBeLessThan(0.02)
      expect(Math.abs(list.cacheWrite1h - 2 * list.input)).toBeLessThan(0.02)
    }
  }
})

test('a model is never taken for another whose name it begins', () => {
  expect(plainPrice(priceBook(), 'claude-opus-5')).toBe(5)
  expect(plainPrice(priceBook(), 'claude-opus-5-5')).toBe(4)
  expect(getPricedModel(priceBook(), 'claude-opus-5-6')).toBeNull()
  expect(getPricedModel(priceBook(), 'constructor')).toBeNull()
})

test('dated snapshots of the fourth generation find their price', () => {
  expect(plainPrice(priceBook(), 'claude-opus-4-20250514')).toBe(15)
  expect(plainPrice(priceBook(), 'claude-sonnet-4@20250514')).toBe(3)
})

test('an override holds from its day on and outlives later list prices', () => {
  const book = withOverrides(priceBook(), [override('claude-sonnet-5-5', '2026-10-01')])
  expect(plainPrice(book, 'claude-sonnet-5-5', '2026-09-30')).toBe(2)
  expect(plainPrice(book, 'claude-sonnet-5-5', '2026-10-01')).toBe(1)
  expect(plainPrice(book, 'claude-sonnet-5-5', '2026-11-22')).toBe(1)
  expect(getPricedModel(book, 'claude-sonnet-5-5')?.prices.map(({ from }) => from)).toEqual([
    '2026-09-28',
    '2026-10-01',
  ])
})

test('overrides of one model follow each other by their days, whatever their order', () => {
  const dear = { ...override('claude-sonnet-5-5', '2026-11-01'), rates: { ...rates, input: 9 } }
  const book = withOverrides(priceBook(), [dear, override('claude-sonnet-5-5', '2026-10-01')])
  expect(plainPrice(book, 'claude-sonnet-5-5', '2026-10-15')).toBe(1)
  expect(plainPrice(book, 'claude-sonnet-5-5', '2026-11-15')).toBe(9)
})

test('an override prices a model the book does not know, in every form of its name', () => {
  const book = withOverrides(priceBook(), [override('claude-opus-9-20270101', '2027-01-01')])
  expect(plainPrice(book, 'us.anthropic.claude-opus-9', '2027-02-01')).toBe(1)
})

test('an override by an alias changes the model itself', () => {
  const book = withOverrides(priceBook(), [override('claude-opus-4', '2020-01-01')])
  expect(plainPrice(book, 'claude-opus-4-0')).toBe(1)
})

test('overrides leave the built-in book as it was', () => {
  withOverrides(priceBook(), [override('claude-sonnet-5-5', '2020-01-01')])
  expect(plainPrice()).toBe(2)
})

test('an override needs a real day and rates that are not negative', () => {
  expect(priceOverrideSchema.safeParse({ model: 'x', from: '2026-02-30', rates }).success).toBe(false)
  expect(
    priceOverrideSchema.safeParse({ model: 'x', from: '2026-02-03', rates: { ...rates, input: -1 } }).success,
  ).toBe(false)
})

test('the context window is known for known models only', () => {
  expect(contextWindowOf('claude-opus-5-5[1m]')).toBe(1_000_000)
  expect(contextWindowOf('claude-haiku-4-5-20251001')).toBe(200_000)
  expect(contextWindowOf('claude-mythos-preview')).toBe(1_000_000)
  expect(contextWindowOf('gpt-6')).toBeNull()
})
