import { expect, test } from 'vitest'
import { userTextOf, withoutReminders } from './user-text'

test("the user's text is the last block that is more than reminders", () => {
  const content = [
    { type: 'text', text: '<system-reminder>\ngit status\n</system-reminder>' },
    { type: 'text', text: 'Fix the parser' },
    { type: 'text', text: '<system-reminder>today</system-reminder>\n' },
  ]
  expect(userTextOf({ role: 'user', content })).toBe('Fix the parser')
})

test('reminders inside a text are taken out', () => {
  expect(userTextOf({ content: 'a <system-reminder>x</system-reminder>b<system-reminder>y</system-reminder>' })).toBe(
    'a b',
  )
})

test('a reminder that is never closed is text', () => {
  expect(withoutReminders('a <system-reminder> b')).toBe('a <system-reminder> b')
})

test('tool results are not what the user wrote', () => {
  expect(userTextOf({ content: [{ type: 'tool_result', content: 'ok' }] })).toBe('')
})

test.each([undefined, null, 7, [], { content: 7 }, { content: [null, 7, { type: 'text', text: 7 }] }])(
  '%j has no text',
  (message) => {
    expect(userTextOf(message)).toBe('')
  },
)

test('a megabyte of opening tags is read in one pass', () => {
  const text = '<system-reminder>'.repeat(60_000)
  expect(withoutReminders(text)).toBe(text)
})
