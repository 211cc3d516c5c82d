import type { JsonRecord } from '@/lib/claude/json'
import { unpackUsage } from '@/lib/claude/packed-usage'
import { queryRows } from '@/lib/dashboard-query'
import { isUuid } from '@/lib/ids'
import { linkReasons } from '@/lib/recorder/usual-text'
import {
  readRequestSummary,
  summaryColumns,
  summarySource,
  type RequestSummary,
  type SummaryRecord,
} from './request-summary'

/** Everything that is known of one request without its content. */
export interface RecordedRequest extends RequestSummary {
  readonly userAgent: string | null
  readonly messageId: string | null
  readonly messageCount: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly thinkingTokens: number | null
  /** Part of `cacheCreationInputTokens`. */
  readonly cacheCreation1hInputTokens: number | null
  readonly parentAgentId: string | null
  readonly linkReason: string | null
  readonly isStarred: boolean
  /** The upstream's final usage object; null = none came. */
  readonly usage: JsonRecord | null
}

type FactsRecord = SummaryRecord &
  Omit<RecordedRequest, keyof RequestSummary | 'usage'> & { readonly usageJson: string | null }

/** null = no such request. */
export async function getRequest(requestId: string): Promise<RecordedRequest | null> {
  if (!isUuid(requestId)) return null
  const [record] = await queryRows<FactsRecord>(
    `SELECT ${summaryColumns}, r.user_agent AS "userAgent", r.message_id AS "messageId", r.message_count AS "messageCount",
       r.request_bytes::float8 AS "requestBytes", r.response_bytes::float8 AS "responseBytes",
       r.thinking_tokens::float8 AS "thinkingTokens", r.cache_creation_1h_input_tokens::float8 AS "cacheCreation1hInputTokens",
       r.parent_agent_id AS "parentAgentId", r.link_reason AS "linkReason", r.starred_at IS NOT NULL AS "isStarred", r.usage_json AS "usageJson"
     FROM ${summarySource} WHERE r.request_id = $1`,
    [requestId],
  )
  return record ? readFacts(record) : null
}

function readFacts(record: FactsRecord): RecordedRequest {
  const {
    userAgent,
    messageId,
    messageCount,
    requestBytes,
    responseBytes,
    thinkingTokens,
    cacheCreation1hInputTokens,
  } = record
  const { parentAgentId, linkReason, isStarred, usageJson, ...summary } = record
  return {
    ...readRequestSummary(summary),
    ...{ userAgent, messageId, messageCount, requestBytes, responseBytes, thinkingTokens, cacheCreation1hInputTokens },
    ...{ parentAgentId, linkReason: linkReasons.spell(linkReason), isStarred },
    usage:
      usageJson === null
        ? null
        : unpackUsage(usageJson, { ...record, cacheCreation1hTokens: cacheCreation1hInputTokens }),
  }
}
