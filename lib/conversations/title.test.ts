import { expect, test } from 'vitest'
import { titleOfMessages } from './title'

const summary =
  'This session is being continued from a previous conversation that ran out of context. The summary below covers the earlier portion of the conversation.\n\nSummary:\nMuch was said.'

test('a conversation that begins with a summary is called by the first words that somebody typed', () => {
  const messages = [
    { role: 'user', content: [{ type: 'text', text: summary }] },
    { role: 'assistant', content: 'Done.' },
    { role: 'user', content: [{ type: 'text', text: 'Now the tests' }] },
  ]
  expect(titleOfMessages(messages)?.text).toBe('Now the tests')
})

test('where a summary is all that was said, there is no title', () => {
  expect(titleOfMessages([{ role: 'user', content: summary }])).toBeNull()
})
