import type { CostConfidence } from '@/lib/claude/cost'
import { usdOfMicroUsd } from '@/lib/money'

/** One request as lists and the API show it: no body, no header. `null` = not known or does not apply. */
export interface RequestSummary {
  readonly requestId: string
  readonly timestamp: string
  /** null = a stranger's: `domain` is the host it named, and no domain of ours. */
  readonly domainId: string | null
  readonly domain: string
  readonly accountId: string | null
  /** null = no account, or one that is no more. */
  readonly accountName: string | null
  readonly clientKeyId: string | null
  readonly clientKeyName: string | null
  readonly method: string
  readonly path: string
  readonly kind: string
  readonly model: string | null
  readonly streaming: boolean
  readonly status: number | null
  readonly outcome: string
  readonly errorType: string | null
  readonly responseTimeMs: number | null
  readonly firstByteMs: number | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheCreationInputTokens: number | null
  readonly cacheReadInputTokens: number | null
  /** Input + output, without the cache. */
  readonly totalTokens: number | null
  /** Decimal dollars with six places; null = unpriced. */
  readonly costUsd: string | null
  readonly costConfidence: CostConfidence
  readonly stopReason: string | null
  readonly toolCallCount: number
  readonly upstreamRequestId: string | null
  readonly sessionId: string | null
  readonly agentId: string | null
  readonly conversationId: string | null
  readonly branchId: string | null
  readonly parentRequestId: string | null
  readonly isSubtask: boolean
  readonly parentTaskRequestId: string | null
  readonly attemptOf: string | null
}

/** Columns of a row (alias `r`, client key `k`, account `a`); counters as float8, which is exact to 2^53. */
export const summaryColumns = `
  r.request_id AS "requestId", r.created_at AS "createdAt", r.domain_id AS "domainId", r.domain, r.account_id AS "accountId",
  a.name AS "accountName",
  r.client_key_id AS "clientKeyId", k.name AS "clientKeyName", r.method, r.path, r.kind, r.model,
  r.is_streaming AS "streaming", r.status, r.outcome, r.error_type AS "errorType",
  r.response_time_ms AS "responseTimeMs", r.first_byte_ms AS "firstByteMs",
  r.input_tokens::float8 AS "inputTokens", r.output_tokens::float8 AS "outputTokens",
  r.cache_creation_input_tokens::float8 AS "cacheCreationInputTokens",
  r.cache_read_input_tokens::float8 AS "cacheReadInputTokens",
  r.cost_micro_usd::float8 AS "costMicroUsd", r.cost_confidence AS "costConfidence",
  r.stop_reason AS "stopReason", r.tool_call_count AS "toolCallCount", r.upstream_request_id AS "upstreamRequestId",
  r.session_id AS "sessionId", r.agent_id AS "agentId", r.conversation_id AS "conversationId",
  r.branch_id AS "branchId", r.parent_request_id AS "parentRequestId", r.is_subtask AS "isSubtask",
  r.parent_task_request_id AS "parentTaskRequestId", r.attempt_of AS "attemptOf"`

export const summarySource = `api_requests r LEFT JOIN client_keys k ON k.id = r.client_key_id
  LEFT JOIN accounts a ON a.account_id = r.account_id`

/** What Postgres answers for `summaryColumns`. */
export type SummaryRecord = Omit<RequestSummary, 'timestamp' | 'totalTokens' | 'costUsd'> & {
  readonly createdAt: Date
  readonly costMicroUsd: number | null
}

export function readRequestSummary({ createdAt, costMicroUsd, ...record }: SummaryRecord): RequestSummary {
  const { inputTokens, outputTokens } = record
  const totalTokens = inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0)
  return { ...record, timestamp: createdAt.toISOString(), totalTokens, costUsd: usdOfMicroUsd(costMicroUsd) }
}
