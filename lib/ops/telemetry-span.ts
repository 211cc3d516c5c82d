import type { LinkedRow } from '@/lib/recorder/request-row'
import { otlpAttributes, otlpNanoseconds, type Attributes } from './telemetry-otlp'

const kindClient = 3
const statusError = 2

/** Whether the conventions for generative AI have a name for the call. */
export function isChat(row: LinkedRow): boolean {
  return row.method === 'POST' && row.path === '/v1/messages'
}

/** The conventions count what was read from and written to the cache as input. */
export function inputTokensOf(row: LinkedRow): number | null {
  if (row.inputTokens === null) return null
  return row.inputTokens + (row.cacheReadInputTokens ?? 0) + (row.cacheCreationInputTokens ?? 0)
}

export function isFailed(row: LinkedRow): boolean {
  return row.outcome !== 'completed' || (row.status ?? 0) >= 400
}

/** A recorded request as a span of OTLP. Facts alone: nothing that was said, no key, no header. */
export function spanOf(row: LinkedRow): object {
  const id = row.requestId.replaceAll('-', '')
  const endMs = row.createdAtMs + (row.responseTimeMs ?? 0)
  return {
    // The trace is found by the request's id, and the other way round.
    traceId: id,
    spanId: id.slice(16),
    name: isChat(row) ? `chat ${row.model ?? ''}`.trim() : row.method,
    kind: kindClient,
    startTimeUnixNano: otlpNanoseconds(row.createdAtMs),
    endTimeUnixNano: otlpNanoseconds(endMs),
    attributes: otlpAttributes({ ...httpFacts(row), ...ownFacts(row), ...(isChat(row) ? chatFacts(row) : {}) }),
    ...(isFailed(row) && { status: { code: statusError } }),
  }
}

function httpFacts(row: LinkedRow): Attributes {
  return {
    'http.request.method': row.method,
    'url.path': row.path,
    'http.response.status_code': row.status,
    'error.type': isFailed(row) ? (row.errorType ?? row.outcome) : null,
  }
}

function chatFacts(row: LinkedRow): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': row.model,
    'gen_ai.response.id': row.messageId,
    'gen_ai.response.finish_reasons': row.stopReason === null ? null : [row.stopReason],
    'gen_ai.usage.input_tokens': inputTokensOf(row),
    'gen_ai.usage.output_tokens': row.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': row.cacheReadInputTokens,
    'gen_ai.usage.cache_creation.input_tokens': row.cacheCreationInputTokens,
    'gen_ai.conversation.id': row.conversationId ?? null,
  }
}

function ownFacts(row: LinkedRow): Attributes {
  return {
    'nexus.request_id': row.requestId,
    'nexus.domain': row.domain,
    'nexus.account_id': row.accountId,
    'nexus.kind': row.kind,
    'nexus.outcome': row.outcome,
    'nexus.is_streaming': row.isStreaming,
    'nexus.first_byte_ms': row.firstByteMs,
    'nexus.cost_usd': row.costMicroUsd === null ? null : Number(row.costMicroUsd) / 1e6,
    'nexus.cost_confidence': row.costConfidence,
  }
}
