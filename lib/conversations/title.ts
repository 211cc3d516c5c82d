import { asArray, asRecord, asText, parseJson, type JsonRecord } from '@/lib/claude/json'
import { withoutReminders } from '@/lib/claude/user-text'
import { untypedStarts } from './markers'
import { summaryOfContinuation } from './summary-text'

/** A title and how good it is: the better one stays. */
export interface ProposedTitle {
  readonly text: string
  readonly rank: number
}

const ranks = { words: 1, client: 2 } as const
const maxLength = 120

/** The title that a client asked the model for. */
export function titleOfAnswer(message: JsonRecord | null): ProposedTitle | null {
  const text = asArray(message?.content)
    .map((block) => asText(asRecord(block)?.text, 4_000) ?? '')
    .join('')
  const title = asText(asRecord(parseJson(text))?.title, maxLength)
  return title === null ? null : { text: title, rank: ranks.client }
}

/** The first words that a person wrote. */
export function titleOfMessages(messages: unknown): ProposedTitle | null {
  for (const message of asArray(messages).map(asRecord)) {
    if (message?.role !== 'user') continue
    const words = typedTexts(message.content).find((text) => summaryOfContinuation(text) === null)
    if (words) return { text: shorten(words), rank: ranks.words }
  }
  return null
}

/** The texts of a message that somebody typed, in order. */
export function typedTexts(content: unknown): string[] {
  const texts = typeof content === 'string' ? [content] : asArray(content).map((block) => asRecord(block)?.text)
  return texts
    .map((text) => (typeof text === 'string' ? withoutReminders(text) : ''))
    .filter((text) => text !== '' && !untypedStarts.some((start) => text.startsWith(start)))
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= maxLength) return line
  const cut = line.slice(0, maxLength)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxLength - 20))}…`
}
