import { expect, test } from 'vitest'
import { choicesOf, prepareChips, toggleValue, withoutValue } from './filter-fields'

const options = {
  domain: [{ value: 'team-a.example.com', label: 'team-a.example.com', requests: 12 }],
  model: [],
  kind: [],
  accountId: [],
  clientKeyId: [{ value: '0192a1b2-0000-7000-8000-00000000000a', label: 'laptop …abcd', requests: 3 }],
}

test('a chip says field, verb and value, by the name people gave', () => {
  expect(
    prepareChips(
      { clientKeyId: '0192a1b2-0000-7000-8000-00000000000a', status: '429,529', model: '!claude-x' },
      options,
    ),
  ).toEqual([
    { field: 'status', label: 'Status', verb: 'is one of', text: '429 rate limited, 529 overloaded' },
    { field: 'model', label: 'Model', verb: 'is not', text: 'claude-x' },
    { field: 'clientKeyId', label: 'Client key', verb: 'is', text: 'laptop …abcd' },
  ])
})

test('a conversation is said by its title where it is known', () => {
  const conversationId = [{ value: 'c1', label: 'A faster export', requests: null }]
  const textOf = (more: object) => prepareChips({ conversationId: 'c1' }, { ...options, ...more })[0]?.text
  expect(textOf({ conversationId })).toBe('A faster export')
  expect(textOf({})).toBe('c1')
})

test('without a filter there is no chip', () => {
  expect(prepareChips({ model: '' }, options)).toEqual([])
})

test('choosing a value adds it, choosing it again takes it out', () => {
  expect(toggleValue(undefined, '4xx')).toBe('4xx')
  expect(toggleValue('4xx', '5xx')).toBe('4xx,5xx')
  expect(toggleValue('4xx,5xx', '4xx')).toBe('5xx')
  expect(toggleValue('4xx', '4xx')).toBeNull()
  expect(toggleValue('!4xx', '5xx')).toBe('5xx')
})

test('fields of the period offer what the period has', () => {
  expect(choicesOf('domain', options).map(({ requests }) => requests)).toEqual([12])
  expect(choicesOf('outcome', options).length).toBeGreaterThan(3)
  expect(choicesOf('conversationId', options)).toEqual([])
})

test('leaving out a value adds to what is left out already, and takes the place of what is wanted', () => {
  expect(withoutValue(undefined, 'a')).toBe('!a')
  expect(withoutValue('!a', 'b')).toBe('!a,!b')
  expect(withoutValue('!a', 'a')).toBe('!a')
  expect(withoutValue('a,b', 'a')).toBe('!a')
})
