import { stringifyJson } from '@/lib/claude/json'
import type { PreparedBlock, PreparedConversation, PreparedMessage } from '@/components/message/prepared-message'

/** One row of the thread: a block, with the name of its message where that begins. */
export interface ThreadItem {
  readonly key: string
  readonly role: string
  readonly isAnswer: boolean
  readonly startsMessage: boolean
  readonly block: PreparedBlock
}

export type ThreadShown = 'all' | 'words' | 'errors'

/** Pure: the rows of a transcript, oldest first. */
export function listThreadItems(prepared: PreparedConversation, shown: ThreadShown): ThreadItem[] {
  const messages = [...prepared.messages, ...(prepared.answer ? [prepared.answer] : [])]
  return messages.flatMap((message) => itemsOf(message, shown, message === prepared.answer))
}

function itemsOf(message: PreparedMessage, shown: ThreadShown, isAnswer: boolean): ThreadItem[] {
  return message.blocks
    .filter((block) => isShown(block, shown))
    .map((block, index) => ({ key: block.key, role: message.role, isAnswer, startsMessage: index === 0, block }))
}

function isShown(block: PreparedBlock, shown: ThreadShown): boolean {
  if (shown === 'all') return true
  if (shown === 'words') return block.kind === 'text' ? !block.isReminder : block.kind === 'compaction'
  return (
    (block.kind === 'tool_use' && block.result?.isError === true) ||
    (block.kind === 'tool_result' && block.result.isError)
  )
}

/** Pure: the rows that contain a text, whether they are drawn or not. */
export function findItems(items: readonly ThreadItem[], wanted: string): number[] {
  const text = wanted.trim().toLowerCase()
  if (text === '') return []
  return items.flatMap(({ block }, index) => (wordsOf(block).toLowerCase().includes(text) ? [index] : []))
}

function wordsOf(block: PreparedBlock): string {
  switch (block.kind) {
    case 'text':
    case 'thinking':
    case 'compaction':
    case 'notice':
      return block.text
    case 'tool_use':
      return `${block.name} ${plainJson(block.raw)} ${block.result ? plainJson(block.result.raw) : ''}`
    case 'image':
    case 'document':
      // Never the bytes of a picture.
      return block.kind === 'document' ? `${block.title} ${block.text ?? ''}` : block.mediaType
    default:
      return plainJson(block.raw)
  }
}

/** As JSON, but with line breaks and quotes as one types them. */
function plainJson(value: unknown): string {
  return (stringifyJson(value) ?? '').replaceAll('\\n', '\n').replaceAll('\\"', '"')
}
