import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeContext } from './compose-context'
import { contextParts, measureContext } from './measure-context'

const body = {
  system: [{ type: 'text', text: 's'.repeat(100) }],
  tools: [
    { name: 'Bash', description: 'b'.repeat(50) },
    { name: 'mcp__github__search', description: 'g'.repeat(200) },
    { name: 'mcp__github__merge', description: 'g'.repeat(200) },
  ],
  messages: [
    {
      role: 'user',
      content: [
        {
          type: 'text',
          text: `<system-reminder>\nContents of /home/dev/CLAUDE.md:\n${'i'.repeat(300)}</system-reminder>`,
        },
        { type: 'text', text: '<system-reminder>\nThe date is known.\n</system-reminder>' },
        { type: 'text', text: 'c'.repeat(40) },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: '', signature: 't'.repeat(80) },
        { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'r'.repeat(500) }] },
  ],
}
const aTurn = (messageCount: number, contextTokens: number) => ({
  ...{ requestId: `r${messageCount}`, timestamp: '2026-11-22T10:00:00.000Z', messageCount, contextTokens },
})

test('each block counts for what it is, a shown thought or a sealed one', () => {
  const { frame, messages } = measureContext(body)
  expect(frame).toMatchObject({ system: 100, chat: 0 })
  expect(messages[0]).toMatchObject({ chat: 40, toolCalls: 0 })
  expect(messages[0]?.instructions).toBeGreaterThan(300)
  expect(messages[0]?.system).toBeGreaterThan(10)
  expect(messages[1]).toMatchObject({ thinking: 80, chat: 0 })
  expect(messages[2]).toMatchObject({ toolCalls: 500 })
})

test('tools are summed by the MCP server they come from, the largest first', () => {
  const { tools } = measureContext(body)
  expect(tools.map(({ server, toolCount }) => [server, toolCount])).toEqual([
    ['github', 2],
    ['', 1],
  ])
})

test('a picture counts as a picture, not as its bytes', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(1_000_000) } }
  const { messages } = measureContext({ messages: [{ role: 'user', content: [image] }] })
  expect(messages[0]?.chat).toBeLessThan(10_000)
})

test('an earlier turn has only what was said by then', () => {
  const [first, last] = composeContext([aTurn(1, 1_000), aTurn(3, 2_000)], measureContext(body))
  expect(first?.tokens.toolCalls).toBe(0)
  expect(last?.tokens.toolCalls).toBeGreaterThan(first?.tokens.chat ?? 0)
})

test('whatever was sent, the parts add up to what the upstream counted', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), fc.nat(2_000_000), (system, messages, total) => {
      const [point] = composeContext([aTurn(messages.length, total)], measureContext({ system, messages }))
      expect(contextParts.reduce((sum, part) => sum + (point?.tokens[part] ?? NaN), 0)).toBe(total)
    }),
  )
})
