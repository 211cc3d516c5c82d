import { expect, test } from 'vitest'
import { prepareBlocks } from './prepare-blocks'
import type { PreparedBlock } from './prepared-message'

const blocksOf = (...content: unknown[]): readonly PreparedBlock[] =>
  prepareBlocks({ messages: [{ role: 'user', content }] }, null).messages[0]?.blocks ?? []
const blockOf = (content: unknown) => blocksOf(content)[0]

test('a plain string is one text block', () => {
  const { messages } = prepareBlocks({ messages: [{ role: 'user', content: 'hello' }] }, null)
  expect(messages).toEqual([
    {
      key: 'm0',
      role: 'user',
      blocks: [expect.objectContaining({ kind: 'text', text: 'hello', path: 'messages[0].content' })],
    },
  ])
})

test('system prompt, tools and parameters are kept apart from the messages', () => {
  const prepared = prepareBlocks(
    {
      model: 'claude-opus-5-5',
      max_tokens: 1024,
      thinking: { type: 'adaptive' },
      system: [{ type: 'text', text: 'Be brief.' }],
      tools: [{ name: 'Bash', description: 'Runs a command', input_schema: {} }],
      messages: [],
    },
    null,
  )
  expect(prepared.system?.blocks.map((block) => block.kind)).toEqual(['text'])
  expect(prepared.tools).toEqual([expect.objectContaining({ name: 'Bash', description: 'Runs a command' })])
  expect(prepared.parameters).toEqual([
    { name: 'max_tokens', value: '1024' },
    { name: 'thinking', value: '{"type":"adaptive"}' },
  ])
})

test('a tool result goes to its call, across messages', () => {
  const { messages } = prepareBlocks(
    {
      messages: [
        { role: 'user', content: 'list' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt' },
            { type: 'text', text: 'and?' },
          ],
        },
      ],
    },
    null,
  )
  expect(messages[1]?.blocks[0]).toMatchObject({
    kind: 'tool_use',
    result: { isError: false, blocks: [{ kind: 'text', text: 'a.txt' }] },
  })
  expect(messages[2]?.blocks.map((block) => block.kind)).toEqual(['text'])
})

test('an id that is used twice pairs each result with the call before it', () => {
  const call = (command: string) => ({
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'same', name: 'Bash', input: { command } }],
  })
  const result = (content: string) => ({
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'same', content }],
  })
  const { messages } = prepareBlocks({ messages: [call('one'), result('1'), call('two'), result('2')] }, null)
  const texts = messages
    .flatMap((message) => message.blocks)
    .map((block) => block.kind === 'tool_use' && block.result?.blocks[0])
  expect(texts).toEqual([expect.objectContaining({ text: '1' }), expect.objectContaining({ text: '2' })])
})

test('a result whose call is not in the request stays visible', () => {
  expect(
    blockOf({ type: 'tool_result', tool_use_id: 'gone', is_error: true, content: [{ type: 'text', text: 'no' }] }),
  ).toMatchObject({
    kind: 'tool_result',
    toolUseId: 'gone',
    result: { isError: true, blocks: [{ text: 'no' }] },
  })
})

test('the call of a server tool is paired inside the answer', () => {
  const { answer } = prepareBlocks(null, {
    role: 'assistant',
    content: [
      { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'weather' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srv_1',
        content: [{ type: 'web_search_result', title: 'T', url: 'https://a.example/' }],
      },
      { type: 'text', text: 'Sunny', citations: [{ url: 'https://a.example/', title: 'T', cited_text: 'sun' }] },
    ],
  })
  expect(answer?.blocks).toMatchObject([
    {
      kind: 'tool_use',
      runBy: 'server',
      input: { summary: 'weather' },
      result: { blocks: [{ kind: 'document', url: 'https://a.example/' }] },
    },
    { kind: 'text', citations: [{ title: 'T', url: 'https://a.example/', quote: 'sun' }] },
  ])
})

test('a failed server tool is an error', () => {
  const failed = {
    type: 'web_search_tool_result',
    tool_use_id: 's',
    content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
  }
  expect(blockOf(failed)).toMatchObject({ kind: 'tool_result', result: { isError: true } })
})

test.each([
  [
    { type: 'thinking', thinking: 'hm', signature: 'x' },
    { kind: 'thinking', text: 'hm' },
  ],
  [
    { type: 'redacted_thinking', data: 'x' },
    { kind: 'thinking', text: '' },
  ],
  [
    { type: 'compaction', content: 'summary' },
    { kind: 'compaction', text: 'summary' },
  ],
  [
    { type: 'fallback', from: { model: 'a' }, to: { model: 'b' }, trigger: { type: 'refusal', category: 'cyber' } },
    { kind: 'notice', text: 'a handed over to b (cyber)' },
  ],
  [
    { type: 'document', title: 'Plan', source: { type: 'text', media_type: 'text/plain', data: 'abc' } },
    { kind: 'document', text: 'abc', bytes: 3 },
  ],
  [
    { type: 'mcp_tool_use', id: 'm', name: 'find', server_name: 'jira', input: {} },
    { kind: 'tool_use', name: 'jira · find', runBy: 'mcp' },
  ],
  [
    { type: 'tool_use', id: 't', name: 'mcp__jira__find', input: { query: 'bug' } },
    { kind: 'tool_use', name: 'jira · find', runBy: 'mcp', input: { kind: 'fields', summary: 'bug' } },
  ],
  [
    { type: 'hologram', x: 1 },
    { kind: 'unknown', type: 'hologram', raw: { type: 'hologram', x: 1 } },
  ],
  [
    { type: 'text', text: '<system-reminder>be kind</system-reminder>' },
    { kind: 'text', isReminder: true },
  ],
])('%o is prepared by its type', (block, expected) => {
  expect(blockOf(block)).toMatchObject(expected)
})

test('a picture is offered as a data URL with its size', () => {
  const data = Buffer.from('not really a picture').toString('base64')
  expect(blockOf({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })).toMatchObject({
    kind: 'image',
    bytes: 20,
    dataUrl: `data:image/png;base64,${data}`,
  })
})

test.each([
  ['SVG', { type: 'base64', media_type: 'image/svg+xml', data: 'PHN2Zz4=' }],
  ['broken base64', { type: 'base64', media_type: 'image/png', data: '"><script>' }],
  ['a remote picture', { type: 'url', url: 'https://evil.example/pixel.png' }],
])('%s is never given to the browser as a picture', (_name, source) => {
  expect(blockOf({ type: 'image', source })).toMatchObject({ kind: 'image', dataUrl: null })
})

test('a turn begins after the last answer', () => {
  const turn = (...roles: string[]) =>
    prepareBlocks({ messages: roles.map((role) => ({ role, content: 'x' })) }, null).turnStart
  expect(turn('user')).toBe(0)
  expect(turn('user', 'assistant', 'user')).toBe(2)
  expect(turn('user', 'assistant', 'user', 'system')).toBe(2)
  expect(turn('user', 'assistant')).toBe(0)
})

test('a turn that brings tool results begins with the calls', () => {
  const { turnStart } = prepareBlocks(
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Bash', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok' }] },
      ],
    },
    null,
  )
  expect(turnStart).toBe(1)
})

test.each([
  null,
  'text',
  42,
  [],
  { messages: 'none' },
  { messages: [null, 1, 'x', [], { role: 7, content: 7 }] },
  {
    messages: [
      {
        role: 'user',
        content: [null, 1, [], { type: 7 }, { type: '__proto__' }, { type: 'tool_use' }, { type: 'image' }],
      },
    ],
  },
  { system: 7, tools: [null, 'x', { type: 'bash_20250124' }], messages: [{}] },
  {
    messages: [
      {
        role: '__proto__',
        content: [
          { type: 'tool_result', tool_use_id: '__proto__' },
          { type: 'tool_use', id: '__proto__', name: 'constructor', input: null },
        ],
      },
    ],
  },
])('%j is drawn somehow and throws nothing', (body) => {
  const prepared = prepareBlocks(body, body)
  const keys = [...prepared.messages, ...(prepared.answer ? [prepared.answer] : [])].flatMap((message) =>
    message.blocks.map((block) => block.key),
  )
  expect(new Set(keys).size).toBe(keys.length)
})

test('endless nesting ends as JSON', () => {
  let block: unknown = { type: 'text', text: 'deep' }
  for (let depth = 0; depth < 5_000; depth++) block = { type: 'tool_result', tool_use_id: 'x', content: [block] }
  expect(JSON.stringify(blockOf(block), (key, value: unknown) => (key === 'raw' ? undefined : value))).toContain(
    '"kind":"unknown"',
  )
})
