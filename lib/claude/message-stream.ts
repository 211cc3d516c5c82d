/**
 * The message of a stream, put together from its events as Anthropic's own SDK does it. Unknown events, blocks and
 * deltas are kept, nothing throws: what comes down the wire may be anything.
 */
import { asArray, asCount, asRecord, asText, assignKnown, isRecord, type JsonRecord } from './json'
import { StreamBlock } from './stream-block'

interface MessageStream {
  /** Takes the parsed `data` of one event. */
  add(event: unknown): void
  result(): StreamedMessage
}

export interface StreamedMessage {
  /** null when nothing of a message arrived. */
  readonly message: JsonRecord | null
  readonly usage: JsonRecord | null
  readonly error: JsonRecord | null
  /** message_stop was seen. */
  readonly isStopped: boolean
  /** A message_delta brought the final count of output tokens. */
  readonly hasFinalUsage: boolean
  /** Characters the model had produced, visible or not. */
  readonly receivedChars: number
  /** Coarse count of hidden thinking tokens, as the upstream hinted along the way. */
  readonly hintedThinkingTokens: number
}

const notOfTheMessage = new Set(['type', 'usage', 'delta', 'index'])

export function createMessageStream(): MessageStream {
  const stream = new Accumulator()
  return { add: (event) => stream.add(event), result: () => stream.result() }
}

class Accumulator {
  private message: JsonRecord | null = null
  private usage: JsonRecord | null = null
  private error: JsonRecord | null = null
  private isStopped = false
  private hasFinalUsage = false
  private readonly blocks = new Map<number, StreamBlock>()

  private readonly handlers = new Map<unknown, (event: JsonRecord) => void>([
    ['message_start', (event) => this.startMessage(event)],
    ['content_block_start', (event) => this.startBlock(event)],
    ['content_block_delta', (event) => this.addDelta(event)],
    ['content_block_stop', () => undefined],
    ['message_delta', (event) => this.updateMessage(event)],
    ['message_stop', () => void (this.isStopped = true)],
    ['error', (event) => void (this.error ??= event)],
    ['ping', () => undefined],
  ])

  add(event: unknown): void {
    if (isRecord(event)) this.handlers.get(event.type)?.(event)
  }

  result(): StreamedMessage {
    const blocks = [...this.blocks].sort(([a], [b]) => a - b).map(([, block]) => block)
    const content = blocks.map((block) => block.value())
    const message =
      this.message || blocks.length > 0 ? { ...this.message, content, ...(this.usage && { usage: this.usage }) } : null
    return {
      message,
      usage: this.usage,
      error: this.error,
      isStopped: this.isStopped,
      hasFinalUsage: this.hasFinalUsage,
      receivedChars: blocks.reduce((sum, block) => sum + block.receivedChars, 0),
      hintedThinkingTokens: blocks.reduce((sum, block) => sum + block.hintedThinkingTokens, 0),
    }
  }

  private startMessage(event: JsonRecord): void {
    const started = asRecord(event.message)
    if (!started || this.message) return
    this.message = { ...started }
    this.usage = isRecord(started.usage) ? { ...started.usage } : null
    asArray(started.content).forEach((block, index) => this.blocks.set(index, new StreamBlock(asRecord(block) ?? {})))
  }

  private startBlock(event: JsonRecord): void {
    const block = asRecord(event.content_block) ?? {}
    this.blocks.set(indexOf(event), new StreamBlock(block))
    const servedBy = block.type === 'fallback' ? asText(asRecord(block.to)?.model) : null
    if (servedBy && this.message) this.message.model = servedBy
  }

  private addDelta(event: JsonRecord): void {
    const delta = asRecord(event.delta)
    if (!delta) return
    const index = indexOf(event)
    const block = this.blocks.get(index) ?? new StreamBlock({})
    block.add(delta)
    this.blocks.set(index, block)
  }

  /** Counters are totals of the whole message: they replace, never add, and null means "not said". */
  private updateMessage(event: JsonRecord): void {
    this.message ??= {}
    assignKnown(this.message, event, notOfTheMessage)
    assignKnown(this.message, asRecord(event.delta) ?? {})
    const usage = asRecord(event.usage)
    if (!usage) return
    this.usage ??= {}
    assignKnown(this.usage, usage)
    if (asCount(usage.output_tokens) !== null) this.hasFinalUsage = true
  }
}

/** Blocks without a usable index share one place, so that hostile input cannot grow an array. */
function indexOf(event: JsonRecord): number {
  return asCount(event.index) ?? -1
}
