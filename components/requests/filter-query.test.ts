import { expect, test } from 'vitest'
import { filterQueryOf, pageQueryOf } from './filter-query'

test('the query has filters in a fixed order and the last day as period', () => {
  expect(filterQueryOf({ model: 'x', domain: 'a', peek: '1', tz: 'UTC', q: '', status: null })).toBe(
    'domain=a&from=-24h&model=x',
  )
})

test('a given period stays as written', () => {
  expect(filterQueryOf({ from: '-7d', to: 'now' })).toBe('from=-7d&to=now')
})

test('a parameter that is given twice is no filter', () => {
  expect(filterQueryOf({ model: ['a', 'b'] })).toBe('from=-24h')
})

test('an address takes the time zone along, the query for the API does not', () => {
  const given = { model: 'x', tz: 'Europe/Paris' }
  expect(pageQueryOf(given)).toBe('from=-24h&model=x&tz=Europe%2FParis')
  expect(filterQueryOf(given)).toBe('from=-24h&model=x')
})
