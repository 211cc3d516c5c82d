import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseRequestBody, readRequestFacts, type RequestSource } from './request-facts'

const session = '0b3c6a52-3a0f-4c5e-9b8e-6f1d2c3b4a59'
const claudeCodeHeaders: [string, string][] = [
  ['User-Agent', 'claude-cli/2.1.330 (external, cli)'],
  ['X-Claude-Code-Session-Id', session],
  ['anthropic-beta', 'claude-code-20250219,interleaved-thinking-2025-05-14'],
]
const agentId = 'a0123456789abcdef'
const userId = JSON.stringify({ device_id: 'd'.repeat(64), account_uuid: '', session_id: session })
const turn = {
  model: 'claude-opus-5-5',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>git</system-reminder>' },
        { type: 'text', text: 'Fix it' },
      ],
    },
    { role: 'system', content: 'env', output_config: { effort: 'low' } },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
  ],
  system: [{ type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli;' }],
  tools: [{ name: 'Bash' }, { name: 'Read' }],
  metadata: { user_id: userId },
  max_tokens: 128_000,
  stream: true,
}

test('a turn of Claude Code tells everything about itself', () => {
  expect(factsOf(turn)).toEqual({
    kind: 'main',
    kindReason: 'nothing else fits',
    model: 'claude-opus-5-5',
    isStreaming: true,
    messageCount: 4,
    toolCount: 2,
    sessionId: session,
    agentId: null,
    parentAgentId: null,
    previousMessageId: null,
    isSubagent: false,
    firstUserText: 'Fix it',
    lastUserText: null,
  })
})

test('a session is known from metadata when there is no header', () => {
  expect(factsOf(turn, { headers: [] }).sessionId).toBe(session)
})

test('a thread names the answer it continues', () => {
  const thread = { type: 'continue', previous_message_id: 'msg_7' }
  expect(factsOf({ ...turn, thread }).previousMessageId).toBe('msg_7')
  expect(factsOf({ ...turn, thread: { type: 'create' } }).previousMessageId).toBeNull()
})

test('the beta of the main loop is found in whichever header lists it', () => {
  const [client = ['', ''], session = ['', '']] = claudeCodeHeaders
  const kindWith = (...betas: [string, string][]) =>
    factsOf({ ...turn, tools: [] }, { headers: [client, session, ...betas] }).kind
  expect(kindWith(['anthropic-beta', 'a, b'])).toBe('side')
  expect(kindWith(['anthropic-beta', 'a, b'], ['Anthropic-Beta', ' c, claude-code-20250219,'])).toBe('main')
})

test('a compressed body is read', () => {
  const bytes = gzipSync(JSON.stringify(turn))
  const facts = readRequestFacts({
    method: 'POST',
    path: '/v1/messages',
    headers: [['Content-Encoding', 'gzip']],
    bytes,
  })
  expect(facts).toMatchObject({ model: 'claude-opus-5-5', messageCount: 4 })
})

test('a body that was parsed before is not parsed again', () => {
  const source = { method: 'POST', path: '/v1/messages', headers: [], bytes: Buffer.from('not looked at') }
  expect(readRequestFacts({ ...source, body: parseRequestBody(Buffer.from('{"model":"m"}'), null) }).model).toBe('m')
})

test('a sub-agent is known by its header', () => {
  const headers: [string, string][] = [
    ...claudeCodeHeaders,
    ['x-claude-code-agent-id', agentId],
    ['x-claude-code-parent-agent-id', 'a9'],
  ]
  expect(factsOf(turn, { headers })).toMatchObject({
    kind: 'subagent',
    agentId,
    parentAgentId: 'a9',
    isSubagent: true,
    sessionId: session,
  })
})

test('a sub-agent is known by the attribution block without a header', () => {
  const system = [
    {
      type: 'text',
      text: 'x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli; cc_is_subagent=true;',
    },
  ]
  expect(factsOf({ ...turn, system })).toMatchObject({ kind: 'subagent', isSubagent: true, agentId: null })
})

test('words about sub-agents in a prompt make no sub-agent', () => {
  expect(factsOf({ ...turn, system: [{ type: 'text', text: 'cc_is_subagent=true;' }] }).isSubagent).toBe(false)
})

const compactPrompt =
  'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\nYour task is to create a detailed summary of the conversation so far'
const auxiliaryHeaders = claudeCodeHeaders.filter(([name]) => name !== 'anthropic-beta')
const asksForTitle = {
  format: { type: 'json_schema', schema: { type: 'object', properties: { title: { type: 'string' } } } },
}
const asksForForm = {
  format: { type: 'json_schema', schema: { type: 'object', properties: { ok: { type: 'boolean' } } } },
}
const instruct = (text: string) => ({ type: 'text', text })

test.each([
  [
    'compaction',
    'a request for a summary',
    { ...turn, messages: [...turn.messages, say(compactPrompt)] },
    claudeCodeHeaders,
  ],
  [
    'main',
    'a user who only begins like a request for a summary',
    { ...turn, messages: [say(compactPrompt.slice(0, 56))] },
    claudeCodeHeaders,
  ],
  [
    'title',
    'a session title',
    { messages: [say('<session>\nFix it\n</session>')], output_config: asksForTitle },
    auxiliaryHeaders,
  ],
  ['main', 'an SDK user who wants a title', { messages: [say('Write one')], output_config: asksForTitle }, []],
  [
    'web_search',
    'the WebSearch tool',
    {
      messages: [say('Perform a web search for the query: cats')],
      tools: [{ type: 'web_search_20260209', name: 'web_search' }],
    },
    claudeCodeHeaders,
  ],
  [
    'main',
    'an SDK user with web search',
    { messages: [say('cats?')], tools: [{ type: 'web_search_20260209', name: 'web_search' }] },
    [],
  ],
  ['web_fetch', 'the WebFetch tool', { messages: [say('\nWeb page content:\n---\nhi')] }, auxiliaryHeaders],
  ['quota', 'the quota probe', { messages: [say('quota')], max_tokens: 1 }, auxiliaryHeaders],
  ['main', 'a user who asks about quota', { messages: [say('quota')], max_tokens: 1000 }, []],
  ['side', 'a cache warm-up', { ...turn, max_tokens: 0 }, claudeCodeHeaders],
  ['side', "another helper of Claude Code's", { messages: [say('Name this agent')] }, auxiliaryHeaders],
  [
    'side',
    'a hook that asks the model',
    { messages: [say('Is it safe?')], output_config: asksForForm },
    claudeCodeHeaders,
  ],
  [
    'side',
    'a hook that sends out an agent',
    { ...turn, system: [...turn.system, instruct('You are verifying a stop condition in Claude Code. Do so.')] },
    claudeCodeHeaders,
  ],
  [
    'side',
    'the safety check of a command',
    {
      system: [...turn.system, instruct('You are a security monitor for autonomous AI coding agents.')],
      messages: [say('<transcript>')],
    },
    claudeCodeHeaders,
  ],
  [
    'side',
    'the label of what tools did',
    { messages: [say('<tools-used-before-summary>Bash</tools-used-before-summary>')] },
    claudeCodeHeaders,
  ],
  [
    'side',
    'what an agent is doing',
    { ...turn, messages: [...turn.messages, say('Describe your most recent action in 3-5 words, please.')] },
    [...claudeCodeHeaders, ['x-claude-code-agent-id', agentId]],
  ],
  ['side', 'the cache of a session warmed again', { ...turn, max_tokens: 1 }, claudeCodeHeaders],
  ['main', 'an SDK user who wants a form', { messages: [say('Is it safe?')], output_config: asksForForm }, []],
  ['main', 'a plain SDK call', { messages: [say('Hello')] }, []],
] as const)('kind %s: %s', (...[kind, , body, headers]) => {
  expect(factsOf(body, { headers }).kind).toBe(kind)
})

test.each([
  ['main', [['x-claude-code-request-class', 'main']], compactPrompt],
  ['subagent', [['x-claude-code-request-class', 'workflow']], 'Hello'],
  ['compaction', [['x-claude-code-request-class', 'compaction']], 'Sum up'],
  ['compaction', [['x-claude-code-compaction', 'manual']], 'Sum up'],
  ['side', [['x-claude-code-request-class', 'side_reply']], 'Hello'],
  ['side', [['x-claude-code-request-class', 'auxiliary']], 'Hello'],
  [
    'side',
    [
      ['x-claude-code-request-class', 'auxiliary'],
      ['x-claude-code-agent-id', 'a1'],
    ],
    'Hello',
  ],
  ['web_search', [['x-claude-code-request-class', 'auxiliary']], 'Perform a web search for the query: cats'],
  ['subagent', [['x-claude-1p-request-class', 'background-task']], 'Hello'],
] as const)("kind %s by the client's own word", (...[kind, headers, text]) => {
  const tools = [{ type: 'web_search_20260209', name: 'web_search' }]
  expect(factsOf({ messages: [say(text)], tools }, { headers }).kind).toBe(kind)
})

test.each([
  ['POST', '/v1/messages?beta=true', 'main'],
  ['GET', '/v1/messages', 'other'],
  ['POST', '/v1/messages/count_tokens?beta=true', 'count_tokens'],
  ['POST', '/v1/messages/batches', 'batches'],
  ['GET', '/v1/messages/batches/msgbatch_1/results', 'batches'],
  ['GET', '/v1/models?limit=1000', 'models'],
  ['GET', '/v1/models/claude-opus-5-5', 'models'],
  ['GET', '/v1/modelsandmore', 'other'],
  ['POST', '/v1/files', 'files'],
  ['POST', '/v1/complete', 'other'],
  ['GET', '', 'other'],
])('%s %s is %s', (method, path, kind) => {
  expect(factsOf(turn, { method, path }).kind).toBe(kind)
})

test.each([
  ['nothing', ''],
  ['no JSON', '{"model":'],
  ['an array', '[{"model":"m"}]'],
  ['a string', '"x"'],
  ['100 000 arrays deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  [
    'wrong types everywhere',
    '{"model":7,"messages":{"role":"user"},"tools":"x","metadata":[],"max_tokens":1e400,"system":"s","thread":3}',
  ],
  ['holes', '{"messages":[null,7,[],{"role":"user","content":[null]}],"tools":[null],"system":[null]}'],
])('a body of %s is read as far as it goes', (_title, text) => {
  const facts = readRequestFacts({ method: 'POST', path: '/v1/messages', headers: [], bytes: Buffer.from(text) })
  expect(facts).toMatchObject({ kind: 'main', model: null, firstUserText: null })
})

test('of a key given twice the last one counts', () => {
  expect(factsOfText('{"model":"a","model":"b"}').model).toBe('b')
})

test('long texts are bounded and never end in half a character', () => {
  const { firstUserText } = factsOf({ messages: [say(`x${'👩'.repeat(5000)}`)] })
  expect(firstUserText).toHaveLength(3999)
  expect(firstUserText?.endsWith('👩')).toBe(true)
})

test('no JSON and no headers make it throw', () => {
  const header = fc.tuple(
    fc.constantFrom('anthropic-beta', 'x-claude-code-request-class', 'user-agent', 'content-encoding'),
    fc.string(),
  )
  const block = fc.record({ type: fc.constantFrom('text', 'tool_result'), text: fc.oneof(fc.string(), fc.jsonValue()) })
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: fc.oneof(fc.array(block), fc.jsonValue()),
  })
  const body = fc.record({
    messages: fc.oneof(fc.array(message), fc.jsonValue()),
    tools: fc.jsonValue(),
    output_config: fc.jsonValue(),
  })
  fc.assert(
    fc.property(fc.oneof(body, fc.jsonValue()), fc.array(header, { maxLength: 4 }), (json, headers) => {
      expect(factsOf(json, { headers }).kind).toBeTypeOf('string')
    }),
    { numRuns: 1000 },
  )
})

function say(content: string) {
  return { role: 'user', content }
}

function factsOf(body: unknown, given: Partial<RequestSource> = {}) {
  const bytes = Buffer.from(JSON.stringify(body))
  return readRequestFacts({ method: 'POST', path: '/v1/messages', headers: claudeCodeHeaders, bytes, ...given })
}

function factsOfText(text: string) {
  return readRequestFacts({ method: 'POST', path: '/v1/messages', headers: [], bytes: Buffer.from(text) })
}
