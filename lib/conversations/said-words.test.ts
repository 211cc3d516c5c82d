import { expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { SaidWords } from './said-words'

const monday = Date.parse('2026-11-23T00:00:00.000Z')

test('only what no request before it said is new in a request', () => {
  const said = new SaidWords()
  const [one, two, three] = [newId(monday), newId(monday + 1), newId(monday + 2)]
  expect(said.add({ requestId: one, baseRequestId: null, words: [5, -7, 2] })).toEqual([5, -7, 2])
  expect(said.add({ requestId: two, baseRequestId: one, words: [-7, 9] })).toEqual([9])
  expect(said.add({ requestId: three, baseRequestId: two, words: [9, 2, 1] })).toEqual([1])
})

test('a request that is linked once more says the same again', () => {
  const said = new SaidWords()
  const [one, two] = [newId(monday), newId(monday + 1)]
  said.add({ requestId: one, baseRequestId: null, words: [1] })
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect(said.add({ requestId: two, baseRequestId: one, words: [1, 2] })).toEqual([2])
})

test('each week has all of its words, because weeks are removed one by one', () => {
  const said = new SaidWords()
  const [sunday, week] = [newId(monday - 1), newId(monday)]
  said.add({ requestId: sunday, baseRequestId: null, words: [1, 2] })
  expect(said.add({ requestId: week, baseRequestId: sunday, words: [1, 3] })).toEqual([1, 3])
})
