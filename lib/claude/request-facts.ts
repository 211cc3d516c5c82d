/** What a request to the Claude API says about itself. Reads only; the bytes stay what they are. */
import { readSessionId } from './client-session'
import { decodeBody } from './decode-body'
import { asArray, asCount, asRecord, asText, clip, parseJson, type JsonRecord } from './json'
import { chooseKind, choosePathKind, type ChosenKind, type RequestKind } from './request-kinds'
import { firstTextOf, userTextOf } from './user-text'

export interface RequestSource {
  readonly method: string
  /** With or without the query. */
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly bytes: Uint8Array
  /** The parsed body, when the caller has it already (`parseRequestBody`). */
  readonly body?: unknown
}

export interface RequestFacts {
  readonly kind: RequestKind
  /** What the kind was told by. */
  readonly kindReason: string
  readonly model: string | null
  readonly isStreaming: boolean
  readonly messageCount: number
  readonly toolCount: number
  readonly sessionId: string | null
  readonly agentId: string | null
  readonly parentAgentId: string | null
  /** The answer this request continues, in a message thread. */
  readonly previousMessageId: string | null
  readonly isSubagent: boolean
  /** Without reminders, at most 4000 characters. */
  readonly firstUserText: string | null
  /** Of the last user message; null when it holds only tool results. */
  readonly lastUserText: string | null
}

const maxUserTextLength = 4000
const maxUserIdLength = 1000
const subagentClasses = new Set(['subagent', 'workflow', 'blocking-subagent', 'background-task'])

/** The parsed JSON of a body that may be compressed; undefined when it is not JSON. Never throws. */
export function parseRequestBody(
  bytes: Uint8Array,
  contentEncoding: string | null,
  parse: (plain: Buffer) => unknown = (plain) => parseJson(plain.toString('utf8')),
): unknown {
  if (bytes.length === 0) return undefined
  const plain = decodeBody(bytes, contentEncoding).bytes
  return parse(Buffer.from(plain.buffer, plain.byteOffset, plain.length))
}

/** Never throws. */
export function readRequestFacts(source: RequestSource): RequestFacts {
  const header = headerReader(source.headers)
  const body =
    asRecord('body' in source ? source.body : parseRequestBody(source.bytes, header('content-encoding'))) ?? {}
  const messages = asArray(body.messages).map(asRecord)
  const userMessages = messages.filter((message) => message?.role === 'user')
  const firstUserText = clip(userTextOf(userMessages[0]), maxUserTextLength)
  const lastUserText = clip(userTextOf(userMessages.at(-1)), maxUserTextLength)
  const userId = asText(asRecord(body.metadata)?.user_id, maxUserIdLength)
  const thread = asRecord(body.thread)
  const facts = {
    model: asText(body.model),
    isStreaming: body.stream === true,
    messageCount: messages.length,
    toolCount: asArray(body.tools).length,
    sessionId: asText(header('x-claude-code-session-id')) ?? readSessionId(userId),
    agentId: asText(header('x-claude-code-agent-id')),
    parentAgentId: asText(header('x-claude-code-parent-agent-id')),
    previousMessageId: thread?.type === 'continue' ? asText(thread.previous_message_id) : null,
    isSubagent: isSubagent(header, body),
    firstUserText: firstUserText || null,
    lastUserText: lastUserText || null,
  }
  const { kind, reason } = kindOf(source, header, { facts, body })
  return { kind, kindReason: reason, ...facts }
}

type HeaderReader = (name: string) => string | null
type FactsWithoutKind = Omit<RequestFacts, 'kind' | 'kindReason'>

function headerReader(headers: RequestSource['headers']): HeaderReader {
  return (name) => headers.find(([other]) => other.length === name.length && other.toLowerCase() === name)?.[1] ?? null
}

function kindOf(
  source: RequestSource,
  header: HeaderReader,
  { facts, body }: { facts: FactsWithoutKind; body: JsonRecord },
): ChosenKind {
  const path = source.path.split('?', 1)[0] ?? ''
  const signals = {
    ...facts,
    maxTokens: asCount(body.max_tokens),
    betas: betasOf(source.headers),
    isClaudeCode:
      header('x-claude-code-session-id') !== null || header('user-agent')?.startsWith('claude-cli/') === true,
    onlyToolType: facts.toolCount === 1 ? asText(asRecord(asArray(body.tools)[0])?.type) : null,
    answerProperties: answerPropertiesOf(body),
    hasAnswerForm: answerFormOf(body)?.type === 'json_schema',
    instructions: instructionsOf(body),
    asksSummary: asRecord(body.compaction)?.type === 'summarize',
    firstUserText: facts.firstUserText ?? '',
    lastUserText: facts.lastUserText ?? '',
    lastOpening: firstTextOf(asArray(body.messages).findLast((message) => asRecord(message)?.role === 'user')),
  }
  return choosePathKind(source.method, path) ?? chooseKind(signals, requestClassOf(header))
}

function answerFormOf(body: JsonRecord): JsonRecord | null {
  return asRecord(asRecord(body.output_config)?.format)
}

function answerPropertiesOf(body: JsonRecord): string[] {
  return Object.keys(asRecord(asRecord(answerFormOf(body)?.schema)?.properties) ?? {})
}

function instructionsOf(body: JsonRecord): string[] {
  const texts = typeof body.system === 'string' ? [body.system] : asArray(body.system).map((one) => asRecord(one)?.text)
  return texts.filter((text) => typeof text === 'string')
}

function requestClassOf(header: HeaderReader): string | null {
  if (header('x-claude-code-compaction') !== null) return 'compaction'
  return header('x-claude-code-request-class') ?? header('x-claude-1p-request-class')
}

/** Sub-agents share session and user with their parent; a header, or the attribution block of `system`, tells. */
function isSubagent(header: HeaderReader, body: JsonRecord): boolean {
  if (header('x-claude-code-agent-id') !== null) return true
  if (subagentClasses.has(header('x-claude-code-request-class') ?? header('x-claude-1p-request-class') ?? ''))
    return true
  const attribution = asText(asRecord(asArray(body.system)[0])?.text, 500) ?? ''
  return attribution.startsWith('x-anthropic-billing-header:') && attribution.includes('cc_is_subagent=true;')
}

function betasOf(headers: RequestSource['headers']): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'anthropic-beta')
    .flatMap(([, value]) => value.split(','))
    .map((beta) => beta.trim())
    .filter((beta) => beta !== '')
}
