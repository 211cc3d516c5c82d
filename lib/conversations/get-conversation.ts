import { contextWindowOf } from '@/lib/claude/context-window'
import type { CostConfidence } from '@/lib/claude/cost'
import { isEstimated, type CostSum } from '@/lib/claude/sum-confidence'
import { queryRows } from '@/lib/dashboard-query'
import { env } from '@/lib/env'
import { isUuid } from '@/lib/ids'
import { costJson, usdOfMicroUsd } from '@/lib/money'
import { linkReasons } from '@/lib/recorder/usual-text'
import {
  conversationColumns,
  readConversation,
  type ConversationRecord,
  type ConversationSummary,
} from './conversation-summary'
import type { LinkRole } from './link-facts'
import { makeLinkSecrets } from './link-secrets'
import type { Reader } from './reader'

/** One request of a conversation: where it stands and what it cost. */
export interface ConversationRequest {
  readonly requestId: string
  readonly timestamp: string
  readonly role: LinkRole
  readonly kind: string
  readonly model: string | null
  readonly accountId: string | null
  readonly agentId: string | null
  readonly status: number | null
  readonly outcome: string
  readonly errorType: string | null
  readonly responseTimeMs: number | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheCreationInputTokens: number | null
  readonly cacheReadInputTokens: number | null
  readonly costUsd: string | null
  readonly costConfidence: CostConfidence
  readonly toolCallCount: number
  readonly messageCount: number
  readonly branchId: string
  readonly parentRequestId: string | null
  readonly isSubtask: boolean
  readonly parentTaskRequestId: string | null
  readonly attemptOf: string | null
  readonly linkReason: string
}

export type BranchKind = 'main' | 'branch' | 'compact' | 'subtask'

export interface ConversationBranch {
  readonly branchId: string
  readonly kind: BranchKind
  /** The turn it leaves from; null for the first branch. */
  readonly parentRequestId: string | null
  /** The branch of that turn. */
  readonly parentBranchId: string | null
  readonly requestCount: number
  /** null = nothing of it has a price. */
  readonly costUsd: string | null
  /** As that of the conversation. */
  readonly costConfidence: CostConfidence
  readonly latestRequestId: string
  readonly lastRequestAt: string
  /** Cost of turns that the newest turn does not build on: work that was given up. */
  readonly abandonedCostUsd: string
}

export interface Conversation extends ConversationSummary {
  readonly branches: readonly ConversationBranch[]
  /** Oldest first, at most `mostRequests`. */
  readonly requests: readonly ConversationRequest[]
  readonly isCut: boolean
  /** What the model of the newest turn takes; null = not known. */
  readonly contextWindowTokens: number | null
}

const mostRequests = 5_000

type RequestRecord = Omit<ConversationRequest, 'timestamp' | 'costUsd'> & {
  readonly createdAt: Date
  readonly costMicroUsd: number | null
}

/** Whether there is such a conversation, and the reader sees it: known long before all of it is read. */
export async function isConversation(conversationId: string, reader: Reader): Promise<boolean> {
  if (!isUuid(conversationId)) return false
  const [found] = await queryRows<{ domain: string }>('SELECT domain FROM conversations WHERE conversation_id = $1', [
    conversationId,
  ])
  return found !== undefined && reader.sees(found.domain)
}

/** null = no such conversation, or not one that the reader sees. */
export async function getConversation(conversationId: string, reader: Reader): Promise<Conversation | null> {
  if (!isUuid(conversationId)) return null
  const [record] = await queryRows<ConversationRecord>(
    `SELECT ${conversationColumns} FROM conversations c WHERE c.conversation_id = $1`,
    [conversationId],
  )
  if (!record || !reader.sees(record.domain)) return null
  const rows = await queryRows<RequestRecord>(
    `SELECT r.request_id AS "requestId", r.created_at AS "createdAt", coalesce(l.role, 'turn') AS role, r.kind, r.model,
       r.account_id AS "accountId", r.agent_id AS "agentId", r.status, r.outcome, r.error_type AS "errorType",
       r.response_time_ms AS "responseTimeMs", r.input_tokens::float8 AS "inputTokens",
       r.output_tokens::float8 AS "outputTokens", r.cache_creation_input_tokens::float8 AS "cacheCreationInputTokens",
       r.cache_read_input_tokens::float8 AS "cacheReadInputTokens", r.cost_micro_usd::float8 AS "costMicroUsd",
       r.cost_confidence AS "costConfidence", r.tool_call_count AS "toolCallCount", r.message_count AS "messageCount",
       coalesce(r.branch_id, 'main') AS "branchId", r.parent_request_id AS "parentRequestId", r.is_subtask AS "isSubtask",
       r.parent_task_request_id AS "parentTaskRequestId", r.attempt_of AS "attemptOf",
       coalesce(r.link_reason, '') AS "linkReason"
     FROM api_requests r LEFT JOIN request_links l ON l.request_id = r.request_id
     WHERE r.conversation_id = $1 ORDER BY r.request_id DESC LIMIT ${mostRequests + 1}`,
    [conversationId],
  )
  const requests = rows.slice(0, mostRequests).reverse().map(readRequest)
  const secrets = reader.mayReadBodies(record.domain) ? makeLinkSecrets(env().encryptionKey)(record.domainId) : null
  return {
    ...readConversation(record, secrets),
    branches: buildBranches(requests),
    requests,
    isCut: rows.length > mostRequests,
    contextWindowTokens: contextWindowOf(newestTurn(requests)?.model ?? ''),
  }
}

function readRequest({ createdAt, costMicroUsd, ...record }: RequestRecord): ConversationRequest {
  return {
    ...record,
    timestamp: createdAt.toISOString(),
    costUsd: usdOfMicroUsd(costMicroUsd),
    linkReason: linkReasons.spell(record.linkReason),
  }
}

/** Pure: the branches that requests (oldest first) are on, in the order they began. */
function buildBranches(requests: readonly ConversationRequest[]): ConversationBranch[] {
  const turns = requests.filter(({ role }) => role !== 'side')
  const byId = new Map(turns.map((turn) => [turn.requestId, turn]))
  const path = currentPath(turns, byId)
  const groups = new Map<string, ConversationRequest[]>()
  for (const turn of turns) {
    const group = groups.get(turn.branchId)
    if (group) group.push(turn)
    else groups.set(turn.branchId, [turn])
  }
  return [...groups].map(([branchId, own]) => {
    const parentRequestId = own[0]?.parentRequestId ?? null
    const parentBranchId = byId.get(parentRequestId ?? '')?.branchId
    return {
      branchId,
      kind: kindOfBranch(branchId),
      parentRequestId,
      parentBranchId: parentBranchId === undefined || parentBranchId === branchId ? null : parentBranchId,
      requestCount: own.length,
      ...costJson(costSumOf(own)),
      latestRequestId: own.at(-1)?.requestId ?? '',
      lastRequestAt: own.at(-1)?.timestamp ?? '',
      abandonedCostUsd: usdOfMicroUsd(costOf(own.filter((turn) => !turn.isSubtask && !path.has(nodeOf(turn))))),
    }
  })
}

function kindOfBranch(branchId: string): BranchKind {
  const word = branchId.split('_', 1)[0]
  return word === 'branch' || word === 'compact' || word === 'subtask' ? word : 'main'
}

/** The newest turn of the main agent and all it builds on. Attempts of one turn are one node. */
function currentPath(
  turns: readonly ConversationRequest[],
  byId: ReadonlyMap<string, ConversationRequest>,
): ReadonlySet<string> {
  const path = new Set<string>()
  let turn = newestTurn(turns)
  while (turn && !path.has(nodeOf(turn))) {
    path.add(nodeOf(turn))
    turn = byId.get(turn.parentRequestId ?? '')
  }
  return path
}

/** Of the main agent. */
function newestTurn(requests: readonly ConversationRequest[]): ConversationRequest | undefined {
  return requests.findLast(({ isSubtask, role }) => !isSubtask && role === 'turn')
}

function nodeOf({ attemptOf, requestId }: ConversationRequest): string {
  return attemptOf ?? requestId
}

function costOf(requests: readonly ConversationRequest[]): number {
  return requests.reduce((sum, { costUsd }) => sum + Math.round(Number(costUsd ?? 0) * 1e6), 0)
}

function costSumOf(requests: readonly ConversationRequest[]): CostSum {
  return {
    costMicroUsd: costOf(requests),
    unpriced: requests.filter(({ costConfidence }) => costConfidence === 'unpriced').length,
    estimated: requests.filter(({ costConfidence }) => isEstimated(costConfidence)).length,
  }
}
