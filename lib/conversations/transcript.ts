import { createHash, hash } from 'node:crypto'
import { asArray, asRecord, type JsonRecord } from '@/lib/claude/json'
import { withoutReminders } from '@/lib/claude/user-text'

/** Transcripts are compared by keyed hashes of this length. */
export const digestBytes = 16

/** One user or assistant message of a transcript, as far as it makes the conversation what it is. */
interface TranscriptMessage {
  readonly role: 'user' | 'assistant'
  readonly digest: Buffer
}

/** What identifies a block of each type; of other types everything but the cache mark does. */
const identityOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['text']],
  ['tool_use', ['id', 'name', 'input']],
  ['server_tool_use', ['id', 'name', 'input']],
  ['mcp_tool_use', ['id', 'name', 'input']],
  ['tool_result', ['tool_use_id', 'content', 'is_error']],
])
/** Clients drop these from older turns. */
const forgotten = new Set(['thinking', 'redacted_thinking'])

/**
 * The messages by which requests are recognised as parts of one conversation: without system messages, reminders,
 * cache marks, thinking and repeated tool blocks; a string is one text block. Empty when the messages cannot be read.
 */
export function readTranscript(messages: unknown, secret: Buffer): TranscriptMessage[] {
  try {
    const seenTools = new Set<string>()
    return asArray(messages).flatMap((message) => digestMessage(message, { seenTools, secret }) ?? [])
  } catch (error) {
    // Nesting too deep for a recursive walk: such a request is recorded, but not compared by content.
    if (error instanceof RangeError) return []
    throw error
  }
}

/** What a message came to that stood in a transcript where none of its tools had been seen before. */
interface KnownMessage {
  readonly secret: Buffer
  readonly tools: readonly string[]
  readonly message: TranscriptMessage | null
}

/** The recorder hands the same value for the same bytes: what was digested once needs no second look. */
const known = new WeakMap<JsonRecord, KnownMessage>()

interface Reading {
  readonly seenTools: Set<string>
  readonly secret: Buffer
}

function digestMessage(message: unknown, reading: Reading): TranscriptMessage | null {
  const record = asRecord(message)
  const role = record?.role
  if (!record || (role !== 'user' && role !== 'assistant')) return null
  const { secret, seenTools } = reading
  const before = known.get(record)
  if (before?.secret === secret && !before.tools.some((tool) => seenTools.has(tool))) {
    for (const tool of before.tools) seenTools.add(tool)
    return before.message
  }
  const tools = new Set<string>()
  const digested = digestRecord(record, role, { secret, seenTools: tools })
  if ([...tools].some((tool) => seenTools.has(tool))) return digestRecord(record, role, reading)
  known.set(record, { secret, tools: [...tools], message: digested })
  for (const tool of tools) seenTools.add(tool)
  return digested
}

function digestRecord(
  record: JsonRecord,
  role: TranscriptMessage['role'],
  { secret, seenTools }: Reading,
): TranscriptMessage | null {
  const blocks = contentBlocks(record.content).flatMap((block) => normaliseBlock(block, seenTools) ?? [])
  if (blocks.length === 0) return null
  const digest = createHash('sha256').update(secret).update(role).update(canonicalJson(blocks)).digest()
  return { role, digest: digest.subarray(0, digestBytes) }
}

/** The digest of an answer as it will stand in the next request; null for an answer without lasting content. */
export function digestAnswer(message: JsonRecord | null, secret: Buffer): Buffer | null {
  if (!message) return null
  return readTranscript([{ role: 'assistant', content: message.content }], secret)[0]?.digest ?? null
}

function contentBlocks(content: unknown): readonly unknown[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
}

function normaliseBlock(block: unknown, seenTools: Set<string>): JsonRecord | null {
  const record = asRecord(block)
  if (!record) return null
  const type = typeof record.type === 'string' ? record.type : ''
  if (forgotten.has(type)) return null
  const toolId = record.tool_use_id ?? (type.endsWith('tool_use') ? record.id : undefined)
  if (typeof toolId === 'string') {
    const key = `${type} ${toolId}`
    if (seenTools.has(key)) return null
    seenTools.add(key)
  }
  if (type === 'text') {
    const text = typeof record.text === 'string' ? withoutReminders(record.text) : ''
    return text === '' ? null : { type, text }
  }
  const kept = identityOf.get(type)
  const entries = Object.entries(record).filter(([name]) => (kept ? kept.includes(name) : name !== 'type'))
  return { type, ...Object.fromEntries(entries.map(([name, value]) => [name, normaliseValue(name, value)])) }
}

function normaliseValue(name: string, value: unknown): unknown {
  if (name !== 'content') return value
  const blocks = contentBlocks(value)
  const said = blocks.flatMap((block) => normaliseResult(block) ?? [])
  return said.length === 0 && blocks.length > 0 ? [{ type: 'text', text: '' }] : said
}

/** null: a reminder and nothing else. */
function normaliseResult(block: unknown): unknown {
  const record = asRecord(block)
  if (record?.type !== 'text' || typeof record.text !== 'string') return block
  const text = withoutReminders(record.text)
  return text === '' && record.text !== '' ? null : { type: 'text', text }
}

/** JSON with sorted keys and without cache marks: equal for equal values, however they were written. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const record = asRecord(value)
  if (!record) return JSON.stringify(value) ?? 'null'
  let members = ''
  for (const key of Object.keys(record).sort()) {
    if (key === 'cache_control' || record[key] === undefined) continue
    members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(record[key])}`
  }
  return `{${members}}`
}

interface Rolled {
  readonly state: Buffer
  readonly next: Buffer
}

/** By digest, which is the same object while its message is known: beginnings are not rolled again each turn. */
const rolled = new WeakMap<Buffer, Rolled>()

/** The hash after each message: element 0 after the first. Equal prefixes have equal hashes. */
export function rollDigests(seed: Buffer, digests: readonly Buffer[]): Buffer[] {
  let state = seed
  return digests.map((digest) => {
    const before = rolled.get(digest)
    const next = before?.state.equals(state) ? before.next : roll(state, digest)
    if (next !== before?.next) rolled.set(digest, { state, next })
    state = next
    return state
  })
}

export function roll(state: Buffer, digest: Buffer): Buffer {
  return hash('sha256', Buffer.concat([state, digest]), 'buffer').subarray(0, digestBytes)
}
