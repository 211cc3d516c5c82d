import { expect, test } from 'vitest'
import type { ConversationRequest } from '@/lib/conversations/get-conversation'
import { prepareTimeline } from './prepare-timeline'
import { branchName, prepareTree } from './prepare-tree'

const startMs = Date.parse('2026-11-22T10:00:00.000Z')

function aTurn(seconds: number, more: Partial<ConversationRequest> = {}): ConversationRequest {
  return {
    requestId: `r${seconds}`,
    timestamp: new Date(startMs + seconds * 1000).toISOString(),
    role: 'turn',
    kind: 'main',
    model: 'claude-opus-5-5',
    accountId: 'acc_1',
    agentId: null,
    status: 200,
    outcome: 'completed',
    errorType: null,
    responseTimeMs: 10_000,
    inputTokens: 10,
    outputTokens: 5,
    cacheCreationInputTokens: 20,
    cacheReadInputTokens: 70,
    costUsd: '0.010000',
    costConfidence: 'exact',
    toolCallCount: 0,
    messageCount: 1,
    branchId: 'main',
    parentRequestId: null,
    isSubtask: false,
    parentTaskRequestId: null,
    attemptOf: null,
    linkReason: 'first turn',
    ...more,
  }
}

test('a pause takes no more room than a part of the work, and is said', () => {
  const { spans, gaps } = prepareTimeline([aTurn(0), aTurn(7_200)])
  expect(gaps).toEqual([{ at: expect.closeTo(15 / 25), idleMs: 7_190_000 }])
  expect(spans[1]?.start).toBeCloseTo(15 / 25)
  expect(spans[1]?.end).toBeCloseTo(1)
})

test('in hours of work a pause of hours is drawn as a minute', () => {
  const busy = { responseTimeMs: 3_600_000 }
  const { gaps, spans } = prepareTimeline([aTurn(0, busy), aTurn(7_200, busy)])
  expect(gaps).toEqual([{ at: expect.closeTo(3_660 / 7_260), idleMs: 3_600_000 }])
  expect(spans[1]?.end).toBeCloseTo(1)
})

test('every sub-task has a lane of its own, below the main agent', () => {
  const subtask = (seconds: number, branchId: string) => aTurn(seconds, { branchId, isSubtask: true })
  const { lanes, spans, fill } = prepareTimeline([subtask(3, 'subtask_10'), subtask(2, 'subtask_2'), aTurn(0)])
  expect(lanes).toEqual(['main', 'subtask_2', 'subtask_10'])
  expect(spans.map(({ lane }) => lane)).toEqual([0, 1, 2])
  expect(fill).toEqual([{ at: 0, tokens: 100 }])
})

test('failed calls look failed', () => {
  const { spans } = prepareTimeline([
    aTurn(0, { status: 529, outcome: 'completed' }),
    aTurn(1, { outcome: 'client_aborted' }),
  ])
  expect(spans.map(({ look }) => look)).toEqual(['error', 'turn'])
})

test('branches hang below the branch they leave', () => {
  const branch = (branchId: string, parentBranchId: string | null, kind: 'main' | 'branch' | 'subtask') => ({
    ...{
      branchId,
      parentBranchId,
      kind,
      parentRequestId: null,
      requestCount: 1,
      costUsd: '0.1',
      costConfidence: 'exact' as const,
      latestRequestId: 'r0',
    },
    ...{ lastRequestAt: '', abandonedCostUsd: '0' },
  })
  const rows = prepareTree({
    branches: [
      branch('main', null, 'main'),
      branch('subtask_1', 'branch_1', 'subtask'),
      branch('branch_1', 'main', 'branch'),
    ],
    requests: [],
  })
  expect(rows.map(({ branch: { branchId }, depth }) => [branchId, depth])).toEqual([
    ['main', 0],
    ['branch_1', 1],
    ['subtask_1', 2],
  ])
})

test('names of branches read as words', () => {
  expect(branchName('branch_20261122100203')).toBe('Branch 10:02:03')
  expect(branchName('compact_100203_2')).toBe('Compaction 10:02:03 (2)')
  expect(branchName('subtask_12')).toBe('Sub-task 12')
})

test('thousands of requests are a few hundred spans, and none is forgotten', () => {
  const turns = Array.from({ length: 5_000 }, (_none, index) => aTurn(index * 20))
  const { spans } = prepareTimeline(turns)
  expect(spans.length).toBeLessThanOrEqual(301)
  expect(spans.reduce((sum, { requestCount }) => sum + requestCount, 0)).toBe(5_000)
})
