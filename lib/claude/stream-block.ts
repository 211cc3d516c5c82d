import { asArray, asCount, parseJson, type JsonRecord } from './json'

/** The kind of block a delta implies, for streams whose block start is missing. */
const blockTypeOf = new Map<unknown, string>([
  ['text_delta', 'text'],
  ['citations_delta', 'text'],
  ['input_json_delta', 'tool_use'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'thinking'],
  ['compaction_delta', 'compaction'],
])

/** One content block of a streamed message while its deltas come in. */
export class StreamBlock {
  /** Characters of model output that came as deltas. */
  receivedChars = 0
  /** Coarse count of thinking tokens that were not shown, as the upstream hinted along the way. */
  hintedThinkingTokens = 0
  private readonly block: JsonRecord
  /** Pieces of a tool's input: JSON only when all are there, and with eager streaming not always then. */
  private partialInput = ''
  private readonly citations: unknown[] = []
  private readonly unknownDeltas: JsonRecord[] = []

  constructor(started: JsonRecord) {
    this.block = { ...started }
  }

  add(delta: JsonRecord): void {
    this.block.type ??= blockTypeOf.get(delta.type) ?? 'unknown'
    switch (delta.type) {
      case 'text_delta':
        return this.append('text', delta.text)
      case 'thinking_delta':
        this.hintedThinkingTokens += asCount(delta.estimated_tokens) ?? 0
        return this.append('thinking', delta.thinking)
      case 'signature_delta':
        this.block.signature = delta.signature
        return
      case 'citations_delta':
        this.citations.push(delta.citation)
        return
      case 'input_json_delta':
        return this.addInput(delta.partial_json)
      case 'compaction_delta':
        return this.setCompaction(delta)
      default:
        this.unknownDeltas.push(delta)
    }
  }

  /** The block as the message has it; of a block that was cut off, what had arrived. */
  value(): JsonRecord {
    const block = { ...this.block }
    if (this.citations.length > 0) block.citations = [...asArray(block.citations), ...this.citations]
    if (this.partialInput !== '') block.input = parseJson(this.partialInput) ?? this.partialInput
    if (this.unknownDeltas.length > 0) block.unknown_deltas = this.unknownDeltas
    return block
  }

  private append(field: 'text' | 'thinking', piece: unknown): void {
    if (typeof piece !== 'string') return
    const before = this.block[field]
    this.block[field] = typeof before === 'string' ? before + piece : piece
    this.receivedChars += piece.length
  }

  private addInput(piece: unknown): void {
    if (typeof piece !== 'string') return
    this.partialInput += piece
    this.receivedChars += piece.length
  }

  /** This delta carries the final value, not a piece; null means that the compaction failed. */
  private setCompaction(delta: JsonRecord): void {
    this.block.content = delta.content
    if ('encrypted_content' in delta) this.block.encrypted_content = delta.encrypted_content
    if (typeof delta.content === 'string') this.receivedChars += delta.content.length
  }
}
