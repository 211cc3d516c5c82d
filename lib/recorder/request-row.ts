import type { CostConfidence } from '@/lib/claude/cost'
import { packUsage } from '@/lib/claude/packed-usage'
import type { Outcome } from '@/lib/proxy/ports'
import type { ConversationLink } from './link-port'
import { linkReasons } from './usual-text'

/** A row of api_requests as the recorder writes it; the conversation's columns come from the link. */
export interface RequestRow {
  readonly requestId: string
  readonly createdAtMs: number
  readonly domainId: string | null
  readonly domain: string
  readonly accountId: string | null
  readonly clientKeyId: string | null
  readonly method: string
  readonly path: string
  readonly kind: string
  readonly model: string | null
  readonly isStreaming: boolean
  readonly status: number | null
  readonly outcome: Outcome
  readonly errorType: string | null
  readonly responseTimeMs: number | null
  readonly firstByteMs: number | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheCreationInputTokens: number | null
  readonly cacheCreation1hTokens: number | null
  readonly cacheReadInputTokens: number | null
  readonly thinkingTokens: number | null
  readonly costMicroUsd: bigint | null
  readonly costConfidence: CostConfidence
  readonly usageJson: string | null
  readonly stopReason: string | null
  readonly toolCallCount: number
  readonly messageCount: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly upstreamRequestId: string | null
  readonly messageId: string | null
  readonly sessionId: string | null
  readonly agentId: string | null
  readonly parentAgentId: string | null
  readonly userAgent: string | null
}

type Value = string | number | boolean | null | undefined
export type LinkedRow = RequestRow & Partial<ConversationLink>

/** Column, its type in SQL, its value. The order is the order of the statement's parameters. */
export const requestColumns: readonly (readonly [column: string, type: string, value: (row: LinkedRow) => Value])[] = [
  ['request_id', 'uuid', (row) => row.requestId],
  ['created_at', 'timestamptz', (row) => new Date(row.createdAtMs).toISOString()],
  ['domain_id', 'uuid', (row) => row.domainId],
  ['domain', 'text', (row) => row.domain],
  ['account_id', 'text', (row) => row.accountId],
  ['client_key_id', 'uuid', (row) => row.clientKeyId],
  ['method', 'text', (row) => row.method],
  ['path', 'text', (row) => row.path],
  ['kind', 'text', (row) => row.kind],
  ['model', 'text', (row) => row.model],
  ['is_streaming', 'boolean', (row) => row.isStreaming],
  ['status', 'integer', (row) => row.status],
  ['outcome', 'text', (row) => row.outcome],
  ['error_type', 'text', (row) => row.errorType],
  ['response_time_ms', 'integer', (row) => row.responseTimeMs],
  ['first_byte_ms', 'integer', (row) => row.firstByteMs],
  ['input_tokens', 'bigint', (row) => row.inputTokens],
  ['output_tokens', 'bigint', (row) => row.outputTokens],
  ['cache_creation_input_tokens', 'bigint', (row) => row.cacheCreationInputTokens],
  ['cache_creation_1h_input_tokens', 'bigint', (row) => row.cacheCreation1hTokens],
  ['cache_read_input_tokens', 'bigint', (row) => row.cacheReadInputTokens],
  ['thinking_tokens', 'bigint', (row) => row.thinkingTokens],
  ['cost_micro_usd', 'bigint', (row) => row.costMicroUsd?.toString()],
  ['cost_confidence', 'text', (row) => row.costConfidence],
  ['usage_json', 'text', (row) => row.usageJson && packUsage(row.usageJson, row)],
  ['stop_reason', 'text', (row) => row.stopReason],
  ['tool_call_count', 'integer', (row) => row.toolCallCount],
  ['message_count', 'integer', (row) => row.messageCount],
  ['request_bytes', 'bigint', (row) => row.requestBytes],
  ['response_bytes', 'bigint', (row) => row.responseBytes],
  ['upstream_request_id', 'text', (row) => row.upstreamRequestId],
  ['message_id', 'text', (row) => row.messageId],
  ['session_id', 'text', (row) => row.sessionId],
  ['agent_id', 'text', (row) => row.agentId],
  ['parent_agent_id', 'text', (row) => row.parentAgentId],
  ['user_agent', 'text', (row) => row.userAgent],
  ['conversation_id', 'uuid', (row) => row.conversationId],
  ['branch_id', 'text', (row) => row.branchId],
  ['parent_request_id', 'uuid', (row) => row.parentRequestId],
  ['is_subtask', 'boolean', (row) => row.isSubtask ?? false],
  ['parent_task_request_id', 'uuid', (row) => row.parentTaskRequestId],
  ['attempt_of', 'uuid', (row) => row.attemptOf],
  ['link_reason', 'text', (row) => linkReasons.shorten(row.linkReason)],
]
