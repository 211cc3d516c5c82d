import { expect, test } from 'vitest'
import { exportThread } from './export-thread'

const hostile = '<script>alert(1)</script><img src="https://evil.example/x.png">'
const thread = {
  requestId: '0192a1b2-0000-7000-8000-000000000001',
  body: {
    messages: [
      { role: 'user', content: hostile },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't', name: hostile, input: { a: '```\n# not a heading' } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok', is_error: true }] },
    ],
  },
  answer: { content: [{ type: 'text', text: 'Done.' }] },
}
const named = { title: hostile, conversationId: thread.requestId }

test('the page escapes everything, loads nothing and runs nothing', () => {
  const { text } = exportThread(thread, named, 'html')
  expect(text).not.toMatch(/<script|<img/)
  expect(text).toContain('&lt;script&gt;')
  expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
})

test('a fence inside of a call does not end its own in Markdown', () => {
  const { text } = exportThread(thread, named, 'markdown')
  expect(text).toContain('````\n{')
  expect(text).toContain('**result (failed)**')
  expect(text.trimEnd().endsWith('Done.')).toBe(true)
})

test('JSON lines hold one message each, the answer last', () => {
  const lines = exportThread(thread, named, 'jsonl')
    .text.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toEqual([...thread.body.messages, { role: 'assistant', content: thread.answer.content }])
})

test('input that is nested deeper than can be written says so', () => {
  const input: unknown = JSON.parse('['.repeat(1_001) + ']'.repeat(1_001))
  const messages = [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'deep', input }] }]
  const { text } = exportThread({ ...thread, body: { messages } }, named, 'markdown')
  expect(text).toContain('(too deep to write)')
})
