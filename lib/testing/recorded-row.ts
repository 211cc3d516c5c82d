import { newId } from '../ids'
import type { LinkedRow } from '../recorder/request-row'

/** A row as the recorder announces it, with a plain value for everything a test does not care about. */
export function aRecordedRow(columns: Partial<LinkedRow> = {}): LinkedRow {
  const createdAtMs = columns.createdAtMs ?? Date.parse('2026-11-22T10:00:00.000Z')
  return {
    requestId: newId(createdAtMs),
    createdAtMs,
    domainId: null,
    domain: 'team-a.example.com',
    accountId: 'acc_1',
    clientKeyId: null,
    method: 'POST',
    path: '/v1/messages',
    kind: 'chat',
    model: 'claude-opus-5-5',
    isStreaming: true,
    status: 200,
    outcome: 'completed',
    errorType: null,
    responseTimeMs: 900,
    firstByteMs: 300,
    inputTokens: 10,
    outputTokens: 5,
    cacheCreationInputTokens: 0,
    cacheCreation1hTokens: 0,
    cacheReadInputTokens: 100,
    thinkingTokens: 0,
    costMicroUsd: 1_000n,
    costConfidence: 'exact',
    usageJson: null,
    stopReason: 'end_turn',
    toolCallCount: 0,
    messageCount: 1,
    requestBytes: 100,
    responseBytes: 100,
    upstreamRequestId: 'req_1',
    messageId: 'msg_1',
    sessionId: null,
    agentId: null,
    parentAgentId: null,
    userAgent: null,
    ...columns,
  }
}
