import { expect, test } from 'vitest'
import { findFork } from './find-fork'

const user = (text: string) => ({ role: 'user', content: text })
const assistant = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }] })
const aThread = (messages: object[], answer: string | null) => ({
  requestId: 'r1',
  body: { messages },
  answer: answer === null ? null : { content: [{ type: 'text', text: answer }] },
})

test('branches part where the first message differs', () => {
  const left = aThread([user('Hi'), assistant('Hello'), user('A')], 'Answer A')
  const right = aThread([user('Hi'), assistant('Hello'), user('B')], 'Answer B')
  expect(findFork(left, right)).toBe(2)
})

test('the answer of one may be the history of the other', () => {
  const left = aThread([user('Hi')], 'Hello')
  const right = aThread([user('Hi'), assistant('Hello'), user('More')], 'Yes')
  expect(findFork(left, right)).toBe(2)
  expect(findFork(right, left)).toBe(2)
})

test('a moved cache mark, a string for a text and a thought left out are no difference', () => {
  const marked = { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }
  const thought = {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'Hm' },
      { type: 'text', text: 'Hello' },
    ],
  }
  const left = aThread([marked, thought, user('A')], null)
  const right = aThread([user('Hi'), assistant('Hello'), user('B')], null)
  expect(findFork(left, right)).toBe(2)
})

test('a block whose type is no text is a block as any other', () => {
  const odd = { role: 'user', content: [{ type: { toString: 1 } }] }
  const left = aThread([odd, user('A')], null)
  const right = aThread([odd, user('B')], null)
  expect(findFork(left, right)).toBe(1)
})
