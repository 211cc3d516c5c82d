import { expect, test } from 'vitest'
import { comparePrompts } from './compare-prompts'
import { explainCache, type TurnUsage } from './explain-cache'

const tool = (name: string) => ({ name, description: name, input_schema: {} })
const body = {
  tools: [tool('Bash'), tool('Read')],
  system: [
    { type: 'text', text: 'You help.' },
    { type: 'text', text: 'Git status: clean', cache_control: { type: 'ephemeral' } },
  ],
  messages: [{ role: 'user', content: 'Hi' }],
}
const grown = {
  ...body,
  system: [body.system[0], { type: 'text', text: 'Git status: clean' }],
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: [{ type: 'text', text: 'Go on', cache_control: { type: 'ephemeral' } }] },
  ],
}
const startMs = Date.parse('2026-11-22T10:00:00.000Z')

function aTurn(more: Partial<TurnUsage> = {}): TurnUsage {
  return {
    ...{ atMs: startMs, model: 'claude-opus-5-5', accountId: 'acc_1', branchId: 'main', cacheMinutes: 5 },
    ...{ inputTokens: 10, cacheCreationInputTokens: 40_000, cacheReadInputTokens: 0, ...more },
  }
}
const miss = (more: Partial<TurnUsage> = {}, later: object = grown) =>
  explainCache({
    before: aTurn(),
    now: aTurn({ atMs: startMs + 60_000, ...more }),
    comparison: comparePrompts(body, later as typeof body),
  })

test('a turn that only appends reads the cache, wherever its marks moved', () => {
  expect(comparePrompts(body, grown)).toMatchObject({ firstBreak: null, sharedCount: 5, changeCount: 2 })
  expect(miss({ cacheReadInputTokens: 40_000 })).toMatchObject({ cause: 'hit', lostTokens: 0 })
})

test('a new tool is named and its place is found', () => {
  const later = { ...grown, tools: [...body.tools, tool('mcp__jira__search')] }
  expect(miss({}, later)).toEqual({
    cause: 'tools_changed',
    reason: 'The tools changed: +mcp__jira__search.',
    path: 'tools[2]',
    lostTokens: 40_000,
  })
})

test('a changed system block and an edited message are found by their place', () => {
  const system = [body.system[0], { type: 'text', text: 'Git status: 1 file' }]
  expect(miss({}, { ...grown, system })).toMatchObject({ cause: 'system_changed', path: 'system[1]' })
  const messages = [{ role: 'user', content: 'Hi!' }, ...grown.messages.slice(1)]
  expect(miss({}, { ...grown, messages })).toMatchObject({ cause: 'message_edited', path: 'messages[0].content[0]' })
})

test('another model or account explains it before the words do', () => {
  expect(miss({ model: 'claude-sonnet-4-6' })).toMatchObject({ cause: 'model_changed' })
  expect(miss({ accountId: 'acc_2', model: 'claude-sonnet-4-6' })).toMatchObject({ cause: 'account_switched' })
  expect(miss({ branchId: 'compact_100000' })).toMatchObject({ cause: 'compaction' })
})

test('a long pause says by how much the time to live was missed', () => {
  expect(miss({ atMs: startMs + 9 * 60_000 })).toMatchObject({
    cause: 'lapsed',
    reason: 'The time to live of 5 min had lapsed by 4 min.',
    lostTokens: 40_000,
  })
  expect(miss({ atMs: startMs + 4 * 60_000 })).toMatchObject({ cause: 'unexplained' })
})

test('a first turn misses nothing', () => {
  expect(explainCache({ before: null, now: aTurn(), comparison: null })).toMatchObject({
    cause: 'first_turn',
    lostTokens: 0,
  })
})
