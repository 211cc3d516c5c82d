import { expect, test } from 'vitest'
import { normaliseModel } from './model-name'

test.each([
  ['claude-opus-5-5', 'claude-opus-5-5'],
  ['claude-opus-5-5[1m]', 'claude-opus-5-5'],
  ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
  ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5'],
  ['claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
  ['anthropic.claude-opus-5', 'claude-opus-5'],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
  ['eu.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-5-5', 'claude-opus-5-5'],
  ['anthropic/claude-opus-5-5', 'claude-opus-5-5'],
  ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet'],
  ['claude-opus-5-5-fast', 'claude-opus-5-5'],
  [' Claude-Opus-5-5 ', 'claude-opus-5-5'],
])('%s is %s', (name, id) => {
  expect(normaliseModel(name)).toBe(id)
})

test('a name that is normal stays as it is', () => {
  for (const name of ['claude-opus-5', 'claude-opus-4-0', 'claude-3-5-sonnet', 'gpt-6', '']) {
    expect(normaliseModel(name)).toBe(name)
  }
})
