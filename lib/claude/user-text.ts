/** What the user wrote, without the reminders that clients mix in. */
import { asArray, asRecord } from './json'

const opening = '<system-reminder>'
const closing = '</system-reminder>'

/** The text of a user message: its last text block that is more than reminders. Empty when there is none. */
export function userTextOf(message: unknown): string {
  const content = asRecord(message)?.content
  if (typeof content === 'string') return withoutReminders(content)
  const blocks = asArray(content)
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const block = asRecord(blocks[index])
    const text = block?.type === 'text' && typeof block.text === 'string' ? withoutReminders(block.text) : ''
    if (text !== '') return text
  }
  return ''
}

/** The first text of a message as it is, reminders and all. */
export function firstTextOf(message: unknown): string {
  const content = asRecord(message)?.content
  if (typeof content === 'string') return content
  const texts = asArray(content).map((block) => asRecord(block)?.text)
  return texts.find((text) => typeof text === 'string') ?? ''
}

/** An opening tag that is never closed is text like any other; so the search is linear. */
export function withoutReminders(text: string): string {
  let kept = ''
  let position = 0
  for (;;) {
    const start = text.indexOf(opening, position)
    const end = start < 0 ? -1 : text.indexOf(closing, start)
    if (end < 0) return (kept + text.slice(position)).trim()
    kept += text.slice(position, start)
    position = end + closing.length
  }
}
