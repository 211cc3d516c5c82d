import { asArray, asRecord, asText, stringifyJson, type JsonRecord } from '@/lib/claude/json'
import { canonicalJson } from './transcript'

export type PromptSection = 'tools' | 'system' | 'messages'

/** A piece of a prompt in the order in which the upstream caches it: tools, system, messages. */
export interface PromptSegment {
  readonly section: PromptSection
  /** e.g. `messages[3].content[0]` */
  readonly path: string
  /** Index of the message, of the system block or of the tool. */
  readonly position: number
  /** The name of a tool; of others what they are. */
  readonly name: string
  /** Equal for equal content; cache marks are no content. */
  readonly identity: string
  readonly text: string
  readonly bytes: number
}

/** Pure: the pieces of a request body. */
export function listSegments(body: JsonRecord): PromptSegment[] {
  const tools = asArray(body.tools).map((tool, position) =>
    segment({ section: 'tools', path: `tools[${position}]`, position }, tool),
  )
  return [
    ...tools,
    ...contentSegments(body.system, { section: 'system', path: 'system', position: 0 }),
    ...asArray(body.messages).flatMap((message, position) => {
      const { role, content } = asRecord(message) ?? {}
      return contentSegments(
        content,
        { section: 'messages', path: `messages[${position}].content`, position },
        asText(role) ?? '',
      )
    }),
  ]
}

interface Place {
  readonly section: PromptSection
  readonly path: string
  readonly position: number
}

function contentSegments(content: unknown, place: Place, role = ''): PromptSegment[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
  return blocks.map((block, index) => {
    const position = place.section === 'system' ? index : place.position
    return segment({ ...place, path: `${place.path}[${index}]`, position }, block, role)
  })
}

function segment(place: Place, value: unknown, role = ''): PromptSegment {
  const identity = `${place.section} ${role} ${identityOf(value)}`
  const record = asRecord(value)
  const type = typeof record?.type === 'string' ? record.type : 'unknown'
  const name = place.section === 'tools' ? (asText(record?.name) ?? type) : [role, type].filter(Boolean).join(' ')
  const text = typeof record?.text === 'string' ? record.text : (stringifyJson(value) ?? '')
  return { ...place, identity, name, text, bytes: Buffer.byteLength(text) }
}

function identityOf(value: unknown): string {
  try {
    return canonicalJson(value)
  } catch (error) {
    // Too deep for a recursive walk: all such pieces count as one.
    if (error instanceof RangeError) return 'too deep'
    throw error
  }
}
