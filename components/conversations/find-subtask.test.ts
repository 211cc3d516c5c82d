import { expect, test } from 'vitest'
import { findSubtask } from './find-subtask'

const requests = [
  { agentId: null, branchId: 'main', isSubtask: false },
  { agentId: 'a0000000000000001', branchId: 'subtask_1', isSubtask: true },
]
const resultOf = (text: string) => ({
  result: { isError: false, blocks: [], raw: { type: 'tool_result', content: [{ type: 'text', text }] } },
})

test('a call leads to the sub-task of the agent it started, in the foreground or behind it', () => {
  const handedBack = '[Subagent hand-back]\nDone.\nagentId: a0000000000000001\n<usage>tool_uses: 1</usage>'
  const launched = 'Async agent launched successfully.\nagentId: a0000000000000001'
  expect(findSubtask(resultOf(handedBack), requests)).toBe('subtask_1')
  expect(findSubtask(resultOf(launched), requests)).toBe('subtask_1')
})

test('an agent that is not in the conversation, and a call without an agent, lead nowhere', () => {
  expect(findSubtask(resultOf('agentId: a9999999999999999'), requests)).toBeNull()
  expect(findSubtask(resultOf('two'), requests)).toBeNull()
  expect(findSubtask({ result: null }, requests)).toBeNull()
})
