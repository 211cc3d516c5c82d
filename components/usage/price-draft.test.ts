import { expect, test } from 'vitest'
import { emptyDraft, fillCacheRates, priceOf } from './price-draft'

const draft = emptyDraft('claude-x', new Date('2026-11-22T00:00:00Z'))

test('a price begins with the month', () => {
  expect(draft.from).toBe('2026-11-01')
})

test('the usual prices of the cache follow the input, but never replace what was typed', () => {
  expect(fillCacheRates({ ...draft, input: '2', cacheRead: '0.2' })).toMatchObject({
    cacheWrite5m: '2.5',
    cacheWrite1h: '4',
    cacheRead: '0.2',
  })
  expect(fillCacheRates(draft)).toEqual(draft)
})

test('a comma and a dollar sign are understood, an empty field is no zero', () => {
  expect(priceOf({ ...draft, input: '$2,5', output: '0' }).rates).toMatchObject({
    input: 2.5,
    output: 0,
    cacheRead: null,
  })
})
