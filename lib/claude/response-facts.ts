/** What an answer of the Claude API says: its message, its usage, its error. For streams, JSON and anything else. */
import { decodeBody } from './decode-body'
import { errorTypeOf } from './error-body'
import { asArray, asCount, asRecord, asText, isRecord, parseJson, stringifyJson, type JsonRecord } from './json'
import { createMessageStream, type StreamedMessage } from './message-stream'
import { createSseReader, type SseEvent } from './sse'

interface ResponseSource {
  readonly status: number | null
  readonly contentType: string | null
  readonly contentEncoding: string | null
  readonly bytes: Uint8Array
}

interface TokenCounts {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheCreation5mTokens: number
  readonly cacheCreation1hTokens: number
  readonly cacheReadInputTokens: number
  /** Part of `outputTokens`. */
  readonly thinkingTokens: number
  readonly webSearchRequests: number
}

export interface ResponseFacts {
  /** The message; of a stream, put together from what arrived. null for every other kind of answer. */
  readonly message: JsonRecord | null
  /** The upstream's own usage object, final numbers, every field it sent. */
  readonly usage: JsonRecord | null
  readonly usageJson: string | null
  /** The top-level counters of `usage`; null where nothing is counted against anybody. */
  readonly tokens: TokenCounts | null
  readonly servedModel: string | null
  readonly messageId: string | null
  readonly stopReason: string | null
  /** Tools the client is asked to run. */
  readonly toolCallCount: number
  readonly errorType: string | null
  readonly isStream: boolean
  /** message_stop was seen, or the JSON is whole. */
  readonly isComplete: boolean
  /** A message began and its final numbers never came: `tokens` is a lower bound. */
  readonly isPartial: boolean
  /** Guess from the text received, about 4 characters a token; only for a partial answer. */
  readonly estimatedOutputTokens: number | null
  /** Shows tokens, but is not charged. */
  readonly isRefusedBeforeOutput: boolean
}

const charsPerToken = 4
/** A longer event is not read: it would be in memory three times more. Claude's longest are files that tools made. */
const longestEventBytes = 16 * 1024 * 1024

const nothing: ResponseFacts = {
  message: null,
  usage: null,
  usageJson: null,
  tokens: null,
  servedModel: null,
  messageId: null,
  stopReason: null,
  toolCallCount: 0,
  errorType: null,
  isStream: false,
  isComplete: false,
  isPartial: false,
  estimatedOutputTokens: null,
  isRefusedBeforeOutput: false,
}

/** Never throws. */
export function readResponseFacts(source: ResponseSource): ResponseFacts {
  const bytes = decodeBody(source.bytes, source.contentEncoding).bytes
  const facts = isEventStream(source.contentType, bytes) ? factsOfStream(bytes) : factsOfBody(bytes)
  if (facts.errorType !== null || source.status === null || source.status < 400) return facts
  return { ...facts, errorType: errorTypeOf(source.status) }
}

function isEventStream(contentType: string | null, bytes: Uint8Array): boolean {
  if (/^\s*text\/event-stream\b/i.test(contentType ?? '')) return true
  return /^\uFEFF?(?:event|data):/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', 0, 16),
  )
}

function factsOfStream(bytes: Uint8Array): ResponseFacts {
  const stream = createMessageStream()
  const take = (event: SseEvent) => stream.add(parseJson(event.data))
  const reader = createSseReader({ onEvent: take, maxEventBytes: longestEventBytes })
  reader.push(bytes)
  const { remainder } = reader.end()
  // A whole JSON object says the truth even if the blank line after it was cut off; half of one does not parse.
  if (remainder) take(remainder)
  const streamed = stream.result()
  return {
    ...factsOfMessage(streamed.message),
    ...factsOfProgress(streamed),
    errorType: errorTypeIn(streamed.error),
    isStream: true,
  }
}

/** Whether a stream got to its end, and what can be said when it did not. */
function factsOfProgress(streamed: StreamedMessage) {
  const isFinal = streamed.hasFinalUsage && (streamed.isStopped || asText(streamed.message?.stop_reason) !== null)
  const isPartial = streamed.message !== null && !isFinal
  const received = Math.ceil(streamed.receivedChars / charsPerToken) + streamed.hintedThinkingTokens
  const counted = asCount(streamed.usage?.output_tokens) ?? 0
  return {
    isComplete: streamed.isStopped,
    isPartial,
    estimatedOutputTokens: isPartial ? Math.max(received, counted) : null,
  }
}

function factsOfBody(bytes: Uint8Array): ResponseFacts {
  const body = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
  if (body === undefined) return nothing
  const whole = { ...nothing, isComplete: true }
  if (!isRecord(body)) return whole
  if (body.type === 'message') return { ...factsOfMessage(body), isComplete: true }
  return { ...whole, errorType: errorTypeIn(body) }
}

function factsOfMessage(message: JsonRecord | null): ResponseFacts {
  if (!message) return nothing
  const usage = asRecord(message.usage)
  const content = asArray(message.content)
  return {
    ...nothing,
    message,
    usage,
    usageJson: usage && stringifyJson(usage),
    tokens: usage && readTokenCounts(usage),
    servedModel: servedModelOf(message, usage),
    messageId: asText(message.id),
    stopReason: asText(message.stop_reason),
    toolCallCount: content.filter((block) => asRecord(block)?.type === 'tool_use').length,
    isRefusedBeforeOutput: message.stop_reason === 'refusal' && content.every(isFallbackBlock),
  }
}

/** After a server-side fallback the message may still carry the name of the model that declined. */
function servedModelOf(message: JsonRecord, usage: JsonRecord | null): string | null {
  const fallback = asRecord(asArray(message.content).findLast(isFallbackBlock))
  const iteration = asArray(usage?.iterations)
    .map(asRecord)
    .findLast((part) => part?.type === 'fallback_message')
  return asText(iteration?.model) ?? asText(asRecord(fallback?.to)?.model) ?? asText(message.model)
}

/** Marks where one model took over from another; no output. */
function isFallbackBlock(block: unknown): boolean {
  return asRecord(block)?.type === 'fallback'
}

function readTokenCounts(usage: JsonRecord): TokenCounts {
  const count = (from: unknown, field: string) => asCount(asRecord(from)?.[field]) ?? 0
  const writtenFor1h = count(usage.cache_creation, 'ephemeral_1h_input_tokens')
  const writtenFor5m = count(usage.cache_creation, 'ephemeral_5m_input_tokens')
  const cacheCreationInputTokens = Math.max(count(usage, 'cache_creation_input_tokens'), writtenFor1h + writtenFor5m)
  return {
    inputTokens: count(usage, 'input_tokens'),
    outputTokens: count(usage, 'output_tokens'),
    cacheCreationInputTokens,
    cacheCreation5mTokens: cacheCreationInputTokens - writtenFor1h,
    cacheCreation1hTokens: writtenFor1h,
    cacheReadInputTokens: count(usage, 'cache_read_input_tokens'),
    thinkingTokens: count(usage.output_tokens_details, 'thinking_tokens'),
    webSearchRequests: count(usage.server_tool_use, 'web_search_requests'),
  }
}

/** Of Anthropic's envelope, and of the simpler ones that gateways in between send. */
function errorTypeIn(body: JsonRecord | null): string | null {
  return asText(asRecord(body?.error)?.type)
}
