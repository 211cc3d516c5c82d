import type { LinkedRow } from '@/lib/recorder/request-row'
import { shared } from '@/lib/shared'
import { readRequestSummary, type RequestSummary } from './request-summary'

/** What an open dashboard hears: requests that were just recorded. */
type RecordedListener = (requests: readonly RequestSummary[]) => void

const listeners = () => shared('events', () => new Set<RecordedListener>())

/** Tells every open dashboard which requests were recorded. The names of client key and account are not known here. */
export function publishRecorded(rows: readonly LinkedRow[]): void {
  if (rows.length === 0 || listeners().size === 0) return
  const requests = rows.map(summaryOf)
  for (const listener of listeners()) listener(requests)
}

/** Hears recorded requests until the returned function is called. */
export function hearRecorded(listener: RecordedListener): () => void {
  listeners().add(listener)
  return () => void listeners().delete(listener)
}

function summaryOf(row: LinkedRow): RequestSummary {
  return readRequestSummary({
    requestId: row.requestId,
    createdAt: new Date(row.createdAtMs),
    domainId: row.domainId,
    domain: row.domain,
    accountId: row.accountId,
    accountName: null,
    clientKeyId: row.clientKeyId,
    clientKeyName: null,
    method: row.method,
    path: row.path,
    kind: row.kind,
    model: row.model,
    streaming: row.isStreaming,
    status: row.status,
    outcome: row.outcome,
    errorType: row.errorType,
    responseTimeMs: row.responseTimeMs,
    firstByteMs: row.firstByteMs,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    cacheCreationInputTokens: row.cacheCreationInputTokens,
    cacheReadInputTokens: row.cacheReadInputTokens,
    costMicroUsd: row.costMicroUsd === null ? null : Number(row.costMicroUsd),
    costConfidence: row.costConfidence,
    stopReason: row.stopReason,
    toolCallCount: row.toolCallCount,
    upstreamRequestId: row.upstreamRequestId,
    sessionId: row.sessionId,
    agentId: row.agentId,
    conversationId: row.conversationId ?? null,
    branchId: row.branchId ?? null,
    parentRequestId: row.parentRequestId ?? null,
    isSubtask: row.isSubtask ?? false,
    parentTaskRequestId: row.parentTaskRequestId ?? null,
    attemptOf: row.attemptOf ?? null,
  })
}
