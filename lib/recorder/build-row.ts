import { costOf, freeOfCharge, type Cost } from '@/lib/claude/cost'
import type { PriceBook } from '@/lib/claude/price-book'
import type { RequestFacts } from '@/lib/claude/request-facts'
import type { ResponseFacts } from '@/lib/claude/response-facts'
import type { Outcome } from '@/lib/proxy/ports'
import { cleanText } from './clean-text'
import type { Exchange } from './exchange'
import { headerOf } from './header-of'
import type { RequestRow } from './request-row'

interface ExchangeFacts {
  readonly book: PriceBook
  readonly request: RequestFacts
  readonly response: ResponseFacts
}

const maxInteger = 2_147_483_647
/** Longer usage objects than any known one; a longer one is cut by nobody but counted as not kept. */
const maxUsageLength = 20_000

/** The narrow row of an exchange. Without facts (they could not be read) it says only what passed through. */
export function buildRow(exchange: Exchange, facts: ExchangeFacts | null): RequestRow {
  const { begin, end } = exchange
  const { caller } = begin
  return {
    requestId: begin.requestId,
    createdAtMs: begin.receivedAtMs,
    domainId: caller?.domainId ?? null,
    domain: cleanText(caller?.domain ?? begin.domain, 253) ?? '',
    accountId: cleanText(end.accountId, 100),
    clientKeyId: caller?.clientKeyId ?? null,
    method: cleanText(begin.method, 20) ?? '',
    path: cleanText(pathOf(begin.target), 500) ?? '',
    status: toInteger(end.status),
    responseTimeMs: toInteger(end.durationMs),
    firstByteMs: toInteger(end.firstByteMs),
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    upstreamRequestId: cleanText(headerOf(end.responseHeaders, 'request-id'), 100),
    userAgent: cleanText(headerOf(begin.requestHeaders, 'user-agent'), 300),
    ...(facts
      ? factColumns(exchange, facts)
      : { ...unreadColumns, outcome: end.outcome, errorType: cleanText(end.ownErrorType, 100) }),
  }
}

function factColumns(exchange: Exchange, facts: ExchangeFacts) {
  const { request, response } = facts
  const cost = costOfExchange(exchange, facts)
  const usageJson = response.usageJson && response.usageJson.length <= maxUsageLength ? response.usageJson : null
  return {
    kind: cleanText(request.kind, 40) ?? 'other',
    model: cleanText(response.servedModel ?? request.model, 200),
    isStreaming: request.isStreaming || response.isStream,
    outcome: outcomeOf(exchange, response),
    errorType: cleanText(exchange.end.ownErrorType ?? response.errorType, 100),
    ...tokenColumns(response),
    costMicroUsd: cost.costMicroUsd,
    costConfidence: cost.confidence,
    usageJson: cleanText(usageJson, maxUsageLength),
    stopReason: cleanText(response.stopReason, 100),
    toolCallCount: toInteger(response.toolCallCount) ?? 0,
    messageCount: toInteger(request.messageCount) ?? 0,
    messageId: cleanText(response.messageId, 200),
    sessionId: cleanText(request.sessionId, 200),
    agentId: cleanText(request.agentId, 200),
    parentAgentId: cleanText(request.parentAgentId, 200),
  }
}

const noTokens = {
  inputTokens: null,
  outputTokens: null,
  cacheCreationInputTokens: null,
  cacheCreation1hTokens: null,
  cacheReadInputTokens: null,
  thinkingTokens: null,
}

function tokenColumns({ tokens, estimatedOutputTokens }: ResponseFacts) {
  if (!tokens) return noTokens
  const { inputTokens, cacheCreationInputTokens, cacheCreation1hTokens, cacheReadInputTokens, thinkingTokens } = tokens
  // An answer that was cut off has at least the output that was seen; the cost's confidence marks the guess.
  const outputTokens = Math.max(tokens.outputTokens, estimatedOutputTokens ?? 0)
  return {
    inputTokens,
    outputTokens,
    cacheCreationInputTokens,
    cacheCreation1hTokens,
    cacheReadInputTokens,
    thinkingTokens,
  }
}

const unreadColumns = {
  kind: 'other',
  model: null,
  isStreaming: false,
  ...noTokens,
  costMicroUsd: null,
  costConfidence: 'unpriced',
  usageJson: null,
  stopReason: null,
  toolCallCount: 0,
  messageCount: 0,
  messageId: null,
  sessionId: null,
  agentId: null,
  parentAgentId: null,
} as const

/** A stream that stopped half-way was no success, whatever its status said first. */
function outcomeOf({ end, responseDrop }: Exchange, response: ResponseFacts): Outcome {
  if (end.outcome !== 'completed' || (end.status ?? 0) >= 400 || responseDrop) return end.outcome
  const isBrokenMessage = response.isStream && response.message !== null && !response.isComplete
  return isBrokenMessage || (response.isStream && response.errorType !== null) ? 'upstream_error' : 'completed'
}

/** Outcomes after which nobody can tell what the upstream did. */
const isUncertain: ReadonlySet<Outcome> = new Set(['interrupted', 'timeout'])
/** Errors of an attempt whose request may have reached the upstream all the same. */
const lostOnTheWay: ReadonlySet<string | null> = new Set(['client_aborted', 'ECONNRESET', 'UND_ERR_SOCKET'])
const unknownCost: Cost = { ...freeOfCharge, costMicroUsd: null, costPicoUsd: null, confidence: 'partial' }

function costOfExchange({ begin, end, responseDrop }: Exchange, { request, response, book }: ExchangeFacts): Cost {
  if (response.usage) {
    return costOf({
      model: response.servedModel ?? request.model,
      usage: response.usage,
      at: new Date(begin.receivedAtMs),
      book,
      estimatedOutputTokens: response.isPartial ? response.estimatedOutputTokens : null,
      isRefusedBeforeOutput: response.isRefusedBeforeOutput,
    })
  }
  const wasAnswered = end.attempts.some((attempt) => attempt.status !== null && attempt.status < 400)
  const wasLost = end.attempts.some((attempt) => attempt.status === null && lostOnTheWay.has(attempt.error))
  const isUnclear = wasAnswered || wasLost || isUncertain.has(end.outcome) || responseDrop !== null
  const mayBeBilled = costsMoney(begin) && isUnclear
  // Claude may have charged for it, but nobody told us how much: neither free nor a number.
  return mayBeBilled && end.outcome !== 'rejected' ? unknownCost : freeOfCharge
}

/** What a batch cost stands in its results, which nobody need fetch through us. */
function costsMoney({ method, target }: Exchange['begin']): boolean {
  const path = pathOf(target)
  return path === '/v1/messages' || (path === '/v1/messages/batches' && method === 'POST')
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? ''
}

function toInteger(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.min(Math.max(Math.round(value), 0), maxInteger)
}
