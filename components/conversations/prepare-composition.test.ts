import { expect, test } from 'vitest'
import type { CompositionPoint } from '@/lib/conversations/compose-context'
import { describeComposition, prepareComposition } from './prepare-composition'

const aPoint = (system: number, chat: number): CompositionPoint => ({
  requestId: 'r1',
  timestamp: '2026-11-22T10:00:00.000Z',
  contextTokens: system + chat,
  tokens: { system, tools: 0, instructions: 0, toolCalls: 0, thinking: 0, chat },
})

test('parts stand on each other, and the fullest turn reaches the top', () => {
  const { areas, mostTokens } = prepareComposition([aPoint(50, 0), aPoint(50, 50)])
  expect(mostTokens).toBe(100)
  expect(areas.find(({ part }) => part === 'system')?.path).toBe('M0 0.5L1 0.5L1 1L0 1Z')
  expect(areas.find(({ part }) => part === 'chat')?.path).toBe('M0 0.5L1 0L1 0.5L0 0.5Z')
})

test('a single turn fills the whole width', () => {
  const { areas } = prepareComposition([aPoint(100, 0)])
  expect(areas[0]?.path).toBe('M0 0L1 0L1 1L0 1Z')
})

test('the sentence names what there is most of, and leaves out what there is none of', () => {
  expect(describeComposition([aPoint(25, 75)])).toBe('Now 75% chat, 25% system and reminders.')
  expect(describeComposition([])).toBe('No turn with a counted context.')
})
