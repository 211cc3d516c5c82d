import type { CostConfidence } from '@/lib/claude/cost'
import { costJson } from '@/lib/money'
import type { LinkSecrets } from './link-secrets'
import { openLabel } from './sealed-label'

/** One conversation as the list and the API show it. */
export interface ConversationSummary {
  readonly conversationId: string
  readonly domain: string
  /** null = nothing was captured, or the reader may not see content. */
  readonly title: string | null
  readonly projectDirectory: string | null
  readonly gitBranch: string | null
  readonly firstRequestAt: string
  readonly lastRequestAt: string
  readonly requestCount: number
  readonly sideCallCount: number
  readonly errorCount: number
  readonly messageCount: number
  readonly toolCallCount: number
  readonly branchCount: number
  readonly subtaskCount: number
  readonly compactionCount: number
  readonly models: readonly string[]
  readonly accountIds: readonly string[]
  /** Input + output, without the cache. */
  readonly totalTokens: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  /** null = nothing of it has a price. */
  readonly costUsd: string | null
  /** `estimated`: some requests were. `partial`: some have no price. `unpriced`: so it is with all that cost something. */
  readonly costConfidence: CostConfidence
  readonly latestRequestId: string | null
  readonly isStarred: boolean
  readonly latestContextTokens: number | null
  /** Context tokens of the newest turns, oldest first. */
  readonly contextPoints: readonly number[]
}

export const conversationColumns = `
  c.conversation_id AS "conversationId", c.domain_id AS "domainId", c.domain, c.title AS "sealedTitle",
  c.project_directory AS "sealedProject", c.git_branch AS "sealedGitBranch",
  c.first_request_at AS "firstRequestAt", c.last_request_at AS "lastRequestAt", c.request_count AS "requestCount",
  c.side_call_count AS "sideCallCount", c.error_count AS "errorCount", c.message_count AS "messageCount",
  c.tool_call_count AS "toolCallCount", c.branch_count AS "branchCount", c.subtask_count AS "subtaskCount",
  c.compaction_count AS "compactionCount", c.models, c.account_ids AS "accountIds",
  c.total_tokens::float8 AS "totalTokens", c.input_tokens::float8 AS "inputTokens",
  c.output_tokens::float8 AS "outputTokens", c.cache_creation_input_tokens::float8 AS "cacheCreationInputTokens",
  c.cache_read_input_tokens::float8 AS "cacheReadInputTokens", c.cost_micro_usd::float8 AS "costMicroUsd",
  c.unpriced_count AS "unpricedCount", c.estimated_count AS "estimatedCount", c.latest_request_id AS "latestRequestId", c.starred_at IS NOT NULL AS "isStarred",
  c.latest_context_tokens::float8 AS "latestContextTokens", c.context_points AS "contextPoints"`

/** What Postgres answers for `conversationColumns`. */
export type ConversationRecord = Omit<
  ConversationSummary,
  'title' | 'projectDirectory' | 'gitBranch' | 'firstRequestAt' | 'lastRequestAt' | 'costUsd' | 'costConfidence'
> & {
  readonly domainId: string
  readonly sealedTitle: string | null
  readonly sealedProject: string | null
  readonly sealedGitBranch: string | null
  readonly firstRequestAt: Date
  readonly lastRequestAt: Date
  readonly costMicroUsd: number
  readonly unpricedCount: number
  readonly estimatedCount: number
}

/** `secrets`: null for a reader who may not see content. */
export function readConversation(record: ConversationRecord, secrets: LinkSecrets | null): ConversationSummary {
  const {
    domainId: _domainId,
    sealedTitle,
    sealedProject,
    sealedGitBranch,
    costMicroUsd,
    unpricedCount: unpriced,
    estimatedCount: estimated,
    ...rest
  } = record
  const open = (sealed: string | null) => secrets && openLabel(secrets, sealed)
  return {
    ...rest,
    title: open(sealedTitle),
    projectDirectory: open(sealedProject),
    gitBranch: open(sealedGitBranch),
    firstRequestAt: record.firstRequestAt.toISOString(),
    lastRequestAt: record.lastRequestAt.toISOString(),
    ...costJson({ costMicroUsd, unpriced, estimated }),
  }
}
