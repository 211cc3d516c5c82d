import { asArray, asRecord, type JsonRecord } from '@/lib/claude/json'
import { withoutReminders } from '@/lib/claude/user-text'
import { continuationMarkers } from './markers'

/** Lengths of the beginnings of a summary that are compared; shorter summaries prove nothing. */
const probeLengths = [100, 200, 400, 800, 1_200, 2_000] as const

/**
 * Clients ask for a summary in a text behind the last tool results, or behind words that were typed meanwhile: as a
 * message of its own, what is before it is the turn that it goes on from.
 */
export function apartFromLastText(messages: unknown): unknown {
  const all = asArray(messages)
  const at = all.findLastIndex((message) => asRecord(message)?.role === 'user')
  const last = asRecord(all[at])
  const content = asArray(last?.content).filter((block) => !isReminder(asRecord(block)))
  if (content.length < 2 || asRecord(content.at(-1))?.type !== 'text') return messages
  const [before, own] = [content.slice(0, -1), content.slice(-1)]
  return all.toSpliced(at, 1, { ...last, content: before }, { ...last, content: own })
}

function isReminder(block: JsonRecord | null): boolean {
  return block?.type === 'text' && typeof block.text === 'string' && withoutReminders(block.text) === ''
}

/** The summary that the upstream wrote, in a block of its own; null when this is no such content. */
export function summaryOfBlocks(content: unknown): string | null {
  const block = asArray(content)
    .map(asRecord)
    .find((one) => one?.type === 'compaction')
  return typeof block?.content === 'string' ? block.content : null
}

/** The summary inside a compaction's answer, however it is wrapped; null when the text is none. */
export function summaryOfAnswer(text: string, isCompaction: boolean): string | null {
  const tagged = /<summary>([\s\S]*?)(?:<\/summary>|$)/.exec(text)?.[1]
  if (tagged !== undefined) return tagged
  return isCompaction ? text.replace(/<analysis>[\s\S]*?<\/analysis>/, '') : null
}

/** The summary that a continued conversation opens with; null when this message opens none. */
export function summaryOfContinuation(text: string): string | null {
  const marker = continuationMarkers.find(({ says }) => text.includes(says))
  if (!marker) return null
  const starts = marker.begins.flatMap((begin) => {
    const at = text.indexOf(begin)
    return at < 0 ? [] : [at + begin.length]
  })
  const start = starts[0] ?? 0
  const ends = marker.ends.map((end) => text.indexOf(end, start)).filter((at) => at >= 0)
  const summary = text.slice(start, ends.length > 0 ? Math.min(...ends) : undefined)
  return summaryOfAnswer(summary, true)
}

/** Beginnings of a summary, without regard to white space; equal summaries share the longest. */
export function probesOf(summary: string): string[] {
  const plain = summary.replaceAll(/\s+/g, '')
  return probeLengths.filter((length) => plain.length >= length).map((length) => plain.slice(0, length))
}
