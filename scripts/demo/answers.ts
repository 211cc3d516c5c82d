import type { Dice } from './dice'

export interface DemoUsage {
  readonly input_tokens: number
  readonly cache_creation_input_tokens: number
  readonly cache_read_input_tokens: number
  readonly output_tokens: number
}

export type DemoBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | {
      readonly type: 'tool_use' | 'server_tool_use'
      readonly id: string
      readonly name: string
      readonly input: object
    }
  | { readonly type: 'web_search_tool_result'; readonly tool_use_id: string; readonly content: readonly object[] }

export interface DemoAnswer {
  readonly id: string
  readonly model: string
  readonly content: readonly DemoBlock[]
  readonly stopReason: string
  readonly usage: DemoUsage
}

/** Four bytes are about a token. */
export function plainUsage(body: object, content: readonly DemoBlock[]): DemoUsage {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4)
  return {
    input_tokens: tokens(body),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: tokens(content),
  }
}

/** The answer as one JSON message. */
export function buildJson({ id, model, content, stopReason, usage }: DemoAnswer): Buffer {
  return Buffer.from(
    JSON.stringify({
      id,
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: stopReason,
      stop_sequence: null,
      usage: usageObject(usage),
    }),
  )
}

/** The answer as the pieces of a stream. */
export function buildStream(answer: DemoAnswer, dice: Dice): Buffer[] {
  const { id, model, content, stopReason, usage } = answer
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageObject({ ...usage, output_tokens: 1 }),
  }
  const events = [
    eventOf('message_start', { message }),
    ...content.flatMap((block, index) => blockEvents(block, index)),
    eventOf('message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
    eventOf('message_stop', {}),
  ]
  return inPieces(events, dice)
}

/** Events travel a few at a time. */
function inPieces(events: readonly string[], dice: Dice): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < events.length;) {
    const count = dice.between(1, 4)
    pieces.push(Buffer.from(events.slice(at, at + count).join('')))
    at += count
  }
  return pieces
}

function usageObject(usage: DemoUsage) {
  const cache_creation = { ephemeral_5m_input_tokens: usage.cache_creation_input_tokens, ephemeral_1h_input_tokens: 0 }
  return { ...usage, cache_creation, service_tier: 'standard', inference_geo: 'global' }
}

function eventOf(type: string, payload: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...payload })}\n\n`
}

function blockEvents(block: DemoBlock, index: number): string[] {
  const deltas = deltasOf(block).map((delta) => eventOf('content_block_delta', { index, delta }))
  return [
    eventOf('content_block_start', { index, content_block: openedBlock(block) }),
    ...deltas,
    eventOf('content_block_stop', { index }),
  ]
}

/** How a block begins in a stream; what it lacks follows in pieces. */
function openedBlock(block: DemoBlock): object {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' }
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'web_search_tool_result':
      return block
    default:
      return { ...block, input: {} }
  }
}

function deltasOf(block: DemoBlock): object[] {
  switch (block.type) {
    case 'text':
      return words(block.text).map((text) => ({ type: 'text_delta', text }))
    case 'thinking':
      return [
        ...words(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ]
    case 'web_search_tool_result':
      return []
    default:
      return words(JSON.stringify(block.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
  }
}

function words(text: string): string[] {
  return text.match(/(?:\S+\s*){1,3}/g) ?? []
}
