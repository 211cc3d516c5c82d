import { expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { comparePrompts } from './compare-prompts'
import { exportThread } from './export-thread'
import { readLinkFacts, type FactSource } from './link-facts'
import { makeLinkSecrets } from './link-secrets'
import { measureContext } from './measure-context'
import { readTranscript } from './transcript'

/** JSON that no model writes and every caller may: it cannot be made a text of. */
const odd = { toString: 1, valueOf: 1 }
const body = {
  tools: [{ name: odd }],
  messages: [
    { role: odd, content: 'Hi' },
    { role: 'user', content: [{ type: 'text', text: odd }] },
  ],
}
const names = { title: 'Odd', conversationId: 'a' }

test('a context of any JSON is measured', () => {
  expect(measureContext(body).messages).toHaveLength(2)
})

test('prompts of any JSON are compared', () => {
  expect(comparePrompts(body, { ...body, tools: [] }).firstBreak).toMatchObject({ section: 'tools' })
})

test.each(['markdown', 'html', 'jsonl'] as const)('a thread of any JSON is exported as %s', (format) => {
  const content = [
    { type: 'thinking', thinking: odd },
    { type: 'tool_use', name: odd, input: odd },
  ]
  expect(exportThread({ requestId: 'a', body, answer: { content } }, names, format).text).toContain('Hi')
})

test('results within results end somewhere in an export', () => {
  let content: unknown = 'the innermost'
  for (let depth = 0; depth < 50_000; depth += 1) content = [{ type: 'tool_result', content }]
  const deep = { messages: [{ role: 'user', content }] }
  expect(exportThread({ requestId: 'a', body: deep, answer: null }, names, 'markdown').text).toContain('too deep')
})

test('an answer of any JSON is linked', () => {
  const requestId = newId()
  const source = {
    row: { requestId, domainId: newId(), clientKeyId: null, outcome: 'completed', sessionId: 's', agentId: null },
    requestFacts: { kind: 'main', isSubagent: false, previousMessageId: null, sessionId: 's' },
    responseFacts: { message: { content: [{ type: 'tool_use', name: odd, input: {} }] } },
    requestJson: { ...body, system: odd, messages: [...body.messages, { role: 'user', content: 'Hi again' }] },
    isKept: true,
  } as unknown as FactSource
  const facts = readLinkFacts(source, makeLinkSecrets('a'.repeat(32))(newId()))
  expect(facts?.readLabels().title?.text).toContain('Hi')
})

test.each(['constructor', 'toString', '__proto__'])('a block whose type is %s is linked like any other', (type) => {
  const messages = [{ role: 'user', content: [{ type, text: 'Hi' }] }]
  expect(readTranscript(messages, Buffer.alloc(16))).toHaveLength(1)
})
