import { expect, test } from 'vitest'
import { assistant, text, toolResult, user } from '@/lib/testing/conversation-fixtures'
import { apartFromLastText } from './summary-text'

const asked = text('Your task is to create a detailed summary of the conversation so far.')

test('the request for a summary is apart from the tool results before it', () => {
  const history = [user('Begin'), assistant('Well.')]
  const result = toolResult('toolu_1', 'done')
  expect(apartFromLastText([...history, user([result, asked])])).toEqual([...history, user([result]), user([asked])])
})

test('a request for a summary that stands alone stays as it is', () => {
  const alone = [user('Begin'), assistant('Well.'), user([asked])]
  expect(apartFromLastText(alone)).toEqual(alone)
  const asString = [user('Begin'), assistant('Well.'), user('Your task is to create a detailed summary.')]
  expect(apartFromLastText(asString)).toEqual(asString)
})
