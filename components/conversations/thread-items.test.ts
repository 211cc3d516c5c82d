import { expect, test } from 'vitest'
import { prepareBlocks } from '@/components/message/prepare-blocks'
import { findItems, listThreadItems } from './thread-items'

const body = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>secret plan</system-reminder>' },
        { type: 'text', text: 'Run the tests' },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm "test"' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'exit code 137', is_error: true }] },
  ],
}
const prepared = prepareBlocks(body, { role: 'assistant', content: [{ type: 'text', text: 'They were killed.' }] })

test('a call and its result are one row, and the answer ends the thread', () => {
  const items = listThreadItems(prepared, 'all')
  expect(items.map(({ block }) => block.kind)).toEqual(['text', 'text', 'tool_use', 'text'])
  expect(items.map(({ startsMessage }) => startsMessage)).toEqual([true, false, true, true])
  expect(items.at(-1)?.isAnswer).toBe(true)
})

test('only words leaves tools and reminders out, only errors keeps failed calls', () => {
  expect(listThreadItems(prepared, 'words')).toHaveLength(2)
  expect(listThreadItems(prepared, 'errors').map(({ block }) => block.kind)).toEqual(['tool_use'])
})

test('the search looks into calls and results in any case, and treats every character as itself', () => {
  const items = listThreadItems(prepared, 'all')
  expect(findItems(items, 'EXIT CODE 137')).toEqual([2])
  expect(findItems(items, 'npm "test"')).toEqual([2])
  expect(findItems(items, '.*')).toEqual([])
  expect(findItems(items, '  ')).toEqual([])
})
