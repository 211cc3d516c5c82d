import type { CostConfidence } from '@/lib/claude/cost'
import { isEstimated } from '@/lib/claude/sum-confidence'
import type { LinkRole } from './link-facts'

/** What one request adds to its conversation. */
export interface CountedRequest {
  readonly requestId: string
  readonly conversationId: string
  readonly domainId: string
  readonly domain: string
  readonly createdAtMs: number
  readonly role: LinkRole
  readonly branchId: string
  readonly startsBranch: boolean
  readonly isSubtask: boolean
  readonly isError: boolean
  readonly costConfidence: CostConfidence
  readonly accountId: string | null
  readonly model: string | null
  readonly messageCount: number
  readonly toolCallCount: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  readonly costMicroUsd: bigint
  readonly sealedTitle: string | null
  readonly titleRank: number
  readonly sealedProject: string | null
  readonly sealedGitBranch: string | null
}

export interface ConversationTally {
  firstAtMs: number
  lastAtMs: number
  requestCount: number
  sideCallCount: number
  errorCount: number
  messageCount: number
  branchCount: number
  subtaskCount: number
  compactionCount: number
  toolCallCount: number
  unpricedCount: number
  estimatedCount: number
  models: string[]
  accountIds: string[]
  inputTokens: number
  outputTokens: number
  cacheCreationInputTokens: number
  cacheReadInputTokens: number
  costMicroUsd: bigint
  latestRequestId: string | null
  latestContextTokens: number | null
  contextPoints: number[]
  sealedTitle: string | null
  titleRank: number
  sealedProject: string | null
  sealedGitBranch: string | null
}

/** Points of the small context line of a conversation. */
export const mostContextPoints = 60

/** Pure: adds requests, oldest first, to one tally. */
export function tallyRequests(requests: readonly CountedRequest[]): ConversationTally {
  const tally = emptyTally()
  for (const request of requests) {
    countTurn(tally, request)
    countUsage(tally, request)
    noteLabels(tally, request)
  }
  tally.contextPoints = tally.contextPoints.slice(-mostContextPoints)
  return tally
}

function emptyTally(): ConversationTally {
  return {
    firstAtMs: Number.MAX_SAFE_INTEGER,
    lastAtMs: 0,
    requestCount: 0,
    sideCallCount: 0,
    errorCount: 0,
    messageCount: 0,
    branchCount: 0,
    subtaskCount: 0,
    compactionCount: 0,
    toolCallCount: 0,
    unpricedCount: 0,
    estimatedCount: 0,
    models: [],
    accountIds: [],
    inputTokens: 0,
    outputTokens: 0,
    cacheCreationInputTokens: 0,
    cacheReadInputTokens: 0,
    costMicroUsd: 0n,
    latestRequestId: null,
    latestContextTokens: null,
    contextPoints: [],
    sealedTitle: null,
    titleRank: 0,
    sealedProject: null,
    sealedGitBranch: null,
  }
}

function countTurn(tally: ConversationTally, request: CountedRequest): void {
  tally.firstAtMs = Math.min(tally.firstAtMs, request.createdAtMs)
  tally.lastAtMs = Math.max(tally.lastAtMs, request.createdAtMs)
  if (request.isError) tally.errorCount += 1
  if (request.role === 'side') {
    tally.sideCallCount += 1
    return
  }
  tally.requestCount += 1
  tally.toolCallCount += request.toolCallCount
  tally.messageCount = Math.max(tally.messageCount, request.messageCount)
  if (request.startsBranch) countBranch(tally, request.branchId)
  if (!request.isSubtask) noteContext(tally, request)
}

function countBranch(tally: ConversationTally, branchId: string): void {
  if (branchId.startsWith('subtask_')) tally.subtaskCount += 1
  else tally.branchCount += 1
  if (branchId.startsWith('compact_')) tally.compactionCount += 1
}

function noteContext(tally: ConversationTally, request: CountedRequest): void {
  const contextTokens = request.inputTokens + request.cacheCreationInputTokens + request.cacheReadInputTokens
  tally.latestRequestId = request.requestId
  if (contextTokens === 0) return
  tally.latestContextTokens = contextTokens
  tally.contextPoints.push(contextTokens)
}

function countUsage(tally: ConversationTally, request: CountedRequest): void {
  tally.inputTokens += request.inputTokens
  tally.outputTokens += request.outputTokens
  tally.cacheCreationInputTokens += request.cacheCreationInputTokens
  tally.cacheReadInputTokens += request.cacheReadInputTokens
  tally.costMicroUsd += request.costMicroUsd
  if (request.costConfidence === 'unpriced') tally.unpricedCount += 1
  if (isEstimated(request.costConfidence)) tally.estimatedCount += 1
  if (request.model && request.role !== 'side') addOnce(tally.models, request.model)
  if (request.accountId) addOnce(tally.accountIds, request.accountId)
}

/** The first words stay; a title that the client asked for replaces them, the latest of several wins. */
function noteLabels(tally: ConversationTally, request: CountedRequest): void {
  const isBetter =
    request.titleRank > tally.titleRank || (request.titleRank === tally.titleRank && request.titleRank > 1)
  if (request.sealedTitle && isBetter && !request.isSubtask) {
    tally.sealedTitle = request.sealedTitle
    tally.titleRank = request.titleRank
  }
  tally.sealedProject ??= request.sealedProject
  tally.sealedGitBranch = request.sealedGitBranch ?? tally.sealedGitBranch
}

function addOnce(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value)
}
