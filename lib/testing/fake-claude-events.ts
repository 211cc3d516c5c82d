import { createHash } from 'node:crypto'
import { promptUsage, tokensOf, type Usage } from './fake-claude-usage'
import { producedBytes, type Turn, type TurnBlock } from './fake-claude-turns'

/** One event of the stream: its lines without terminators, so that the delivery may choose them. */
export type EventLines = readonly string[]

interface Message {
  readonly id: string
  readonly type: 'message'
  readonly role: 'assistant'
  readonly model: string
  readonly content: readonly object[]
  readonly stop_reason: string | null
  readonly stop_sequence: string | null
  readonly stop_details: object | null
  readonly diagnostics?: object
  readonly usage: Usage
}

export interface MessageSource {
  readonly turn: Turn
  readonly model: string
  /** Body of the request: its bytes decide the prompt tokens. */
  readonly bytes: Buffer
  /** Makes ids unique and repeatable. */
  readonly requestId: string
  /** What became of the cache, for a caller who asked. */
  readonly diagnostics?: object
}

function idOf(prefix: string, source: MessageSource, index: number): string {
  const hash = createHash('sha256').update(`${source.requestId}/${index}`).digest('hex')
  return `${prefix}_01${hash.slice(0, 22)}`
}

export function finalUsage(source: MessageSource): Usage {
  return {
    ...promptUsage(source.bytes),
    output_tokens: tokensOf(producedBytes(source.turn)),
    ...thinkingDetails(source.turn),
    ...source.turn.finalUsage,
  }
}

/** What of the output was thinking; the API says it only where there was some. */
function thinkingDetails(turn: Turn): object {
  const thinking = turn.blocks.flatMap((block) => (block.kind === 'thinking' ? [block.thinking] : []))
  if (thinking.length === 0) return {}
  return { output_tokens_details: { thinking_tokens: tokensOf(Buffer.from(thinking.join(''))) } }
}

/** The complete answer, as a call without streaming gets it. */
export function buildMessage(source: MessageSource): Message {
  return {
    id: idOf('msg', source, 0),
    type: 'message',
    role: 'assistant',
    model: source.turn.model ?? source.model,
    content: source.turn.blocks.map((block, index) => finished(block, idOf(toolPrefix(block), source, index + 1))),
    stop_reason: source.turn.stopReason,
    stop_sequence: null,
    stop_details:
      source.turn.stopReason === 'refusal' ? { type: 'refusal', category: 'cyber', explanation: null } : null,
    ...(source.diagnostics ? { diagnostics: source.diagnostics } : {}),
    usage: finalUsage(source),
  }
}

function toolPrefix(block: TurnBlock): string {
  return block.kind === 'tool' && block.type === 'server_tool_use' ? 'srvtoolu' : 'toolu'
}

function finished(block: TurnBlock, id: string): object {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: block.text, ...(block.citations ? { citations: block.citations } : {}) }
    case 'thinking':
      return { type: 'thinking', thinking: block.thinking, signature: signatureOf(block.thinking) }
    case 'tool':
      return { type: block.type, id, name: block.name, input: block.input }
    case 'compaction':
      return { type: 'compaction', content: block.summary, encrypted_content: null }
    case 'whole':
      return block.block
  }
}

function signatureOf(text: string): string {
  return `Eq${createHash('sha256').update(text).digest('base64')}`
}

/** The same answer as the events of a stream. */
export function buildEvents(source: MessageSource): EventLines[] {
  const message = buildMessage(source)
  const start: Message = {
    ...message,
    content: [],
    stop_reason: null,
    stop_details: null,
    usage: promptUsage(source.bytes),
  }
  const {
    cache_creation: _split,
    service_tier: _tier,
    inference_geo: _geo,
    speed: _speed,
    ...deltaUsage
  } = message.usage
  const delta = {
    stop_reason: message.stop_reason,
    stop_sequence: null,
    ...(message.stop_details ? { stop_details: message.stop_details } : {}),
  }
  return [
    event('message_start', { message: start }),
    ...source.turn.blocks.flatMap((block, index) => [
      ...blockEvents(block, message.content[index] ?? {}, index),
      ...(index === 0 ? [event('ping', {})] : []),
    ]),
    event('message_delta', { delta, usage: deltaUsage }),
    event('message_stop', {}),
  ]
}

export function event(type: string, payload: object): EventLines {
  return [`event: ${type}`, `data: ${JSON.stringify({ type, ...payload })}`]
}

function blockEvents(block: TurnBlock, whole: object, index: number): EventLines[] {
  const start = event('content_block_start', { index, content_block: opened(block, whole) })
  const deltas = deltasOf(block).map((delta) => event('content_block_delta', { index, delta }))
  return [start, ...deltas, event('content_block_stop', { index })]
}

/** A block as content_block_start shows it: empty where deltas follow. */
function opened(block: TurnBlock, whole: object): object {
  if (block.kind === 'text') return { type: 'text', text: '', ...(block.citations ? { citations: [] } : {}) }
  if (block.kind === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  if (block.kind === 'tool') return { ...whole, input: {} }
  if (block.kind === 'compaction') return { type: 'compaction', content: null, encrypted_content: null }
  return whole
}

function deltasOf(block: TurnBlock): object[] {
  switch (block.kind) {
    case 'text':
      return [
        ...(block.citations ?? []).map((citation) => ({ type: 'citations_delta', citation })),
        ...pieces(block.text).map((text) => ({ type: 'text_delta', text })),
      ]
    case 'thinking':
      return [
        ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: signatureOf(block.thinking) },
      ]
    case 'tool':
      return ['', ...pieces(JSON.stringify(block.input))].map((partial_json) => ({
        type: 'input_json_delta',
        partial_json,
      }))
    case 'compaction':
      return [{ type: 'compaction_delta', content: block.summary, encrypted_content: null }]
    case 'whole':
      return []
  }
}

/** Word by word, as tokens come; a text without spaces stays one piece. */
function pieces(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

/** Events of tomorrow: everything that a tolerant reader must pass over and keep. `index` = number of known blocks. */
export function addUnknownEvents(events: readonly EventLines[], index: number): EventLines[] {
  const [start = [], ...rest] = events
  return [
    [': a comment'],
    start,
    ['id: 17', 'retry: 5000', ...event('future_event', { novelty: { deep: [1, null, 'é'] } })],
    ...rest.slice(0, -2),
    event('content_block_start', { index, content_block: { type: 'future_block', payload: { a: 1 } } }),
    event('content_block_delta', { index, delta: { type: 'future_delta', payload: 'x' } }),
    event('content_block_stop', { index }),
    ...rest.slice(-2),
  ]
}
