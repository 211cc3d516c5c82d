import { asCount, asRecord, asText, type JsonRecord } from '@/lib/claude/json'

/** What the Claude API found when the client had it compare a turn with the one before (`diagnostics`). */
export interface UpstreamFinding {
  readonly text: string
  readonly missedTokens: number | null
}

const texts = new Map([
  ['model_changed', 'the model changed'],
  ['system_changed', 'the system prompt changed'],
  ['tools_changed', 'the tools changed'],
  ['messages_changed', 'earlier messages changed'],
  ['previous_message_not_found', 'it does not know the turn before any more'],
  ['unavailable', 'it could not compare the two turns'],
])

/** Pure. null = the client did not ask. A reason that we do not know is shown as it is. */
export function readUpstreamFinding(answer: JsonRecord | null): UpstreamFinding | null {
  const diagnostics = asRecord(answer?.diagnostics)
  if (!diagnostics) return null
  const reason = asRecord(diagnostics.cache_miss_reason)
  const type = asText(reason?.type)
  if (!reason || type === null) return { text: 'no difference found, or none found yet', missedTokens: null }
  return { text: texts.get(type) ?? type, missedTokens: asCount(reason.cache_missed_input_tokens) }
}
