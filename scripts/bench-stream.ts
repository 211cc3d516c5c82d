import { createHash } from 'node:crypto'

/** A content block of a message. */
export interface Block {
  readonly type: string
  readonly [field: string]: unknown
}

/** Deterministic: the same seed makes the same conversation. */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed * 2_654_435_761 + 1
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.state / 2 ** 32) * limit)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  hex(length: number): string {
    return createHash('sha512')
      .update(String(this.below(2 ** 32)))
      .digest('hex')
      .slice(0, length)
  }

  base64(length: number): string {
    const pieces = Array.from({ length: Math.ceil(length / 64) }, () =>
      createHash('sha512').update(this.hex(16)).digest(),
    )
    return Buffer.concat(pieces).toString('base64').slice(0, length)
  }
}

/** The events of an answer, text in pieces of a few tokens. */
export function streamOf(content: readonly Block[], dice: Dice): string[] {
  const read = 20_000 + dice.below(80_000)
  const created = dice.below(3_000)
  const usage = {
    input_tokens: dice.below(10),
    cache_creation_input_tokens: created,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: created, ephemeral_1h_input_tokens: 0 },
    output_tokens: 3,
    service_tier: 'standard',
    inference_geo: 'global',
  }
  const events: { type: string; [field: string]: unknown }[] = [
    {
      type: 'message_start',
      message: {
        id: `msg_01${dice.hex(22)}`,
        type: 'message',
        role: 'assistant',
        model: 'claude-opus-5-5',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
      },
    },
  ]
  content.forEach((block, index) => {
    events.push({ type: 'content_block_start', index, content_block: emptied(block) })
    if (index === 0) events.push({ type: 'ping' })
    for (const delta of deltasOf(block, dice)) events.push({ type: 'content_block_delta', index, delta })
    events.push({ type: 'content_block_stop', index })
  })
  events.push({
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { ...usage, output_tokens: 80 + dice.below(600) },
  })
  events.push({ type: 'message_stop' })
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

function emptied(block: Block): Block {
  if (block.type === 'text') return { type: 'text', text: '' }
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  return { ...block, input: {} }
}

function deltasOf(block: Block, dice: Dice): Block[] {
  if (block.type === 'thinking') return [{ type: 'signature_delta', signature: block.signature }]
  if (block.type === 'text') return pieces(String(block.text), dice).map((text) => ({ type: 'text_delta', text }))
  return pieces(JSON.stringify(block.input), dice).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
}

function pieces(text: string, dice: Dice): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length;) {
    const length = 3 + dice.below(22)
    found.push(text.slice(at, at + length))
    at += length
  }
  return found
}
