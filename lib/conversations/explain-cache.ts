import type { PromptComparison } from './compare-prompts'

/** What is known of a turn besides its words. */
export interface TurnUsage {
  readonly atMs: number
  readonly model: string | null
  readonly accountId: string | null
  readonly branchId: string | null
  readonly inputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  /** How long its cache entries live. */
  readonly cacheMinutes: number
}

type CacheCause =
  | 'hit'
  | 'first_turn'
  | 'not_cached'
  | 'compaction'
  | 'account_switched'
  | 'model_changed'
  | 'tools_changed'
  | 'system_changed'
  | 'message_edited'
  | 'lapsed'
  | 'unexplained'

export interface CacheVerdict {
  readonly cause: CacheCause
  readonly reason: string
  /** Where the prompt first differs; null where nothing does. */
  readonly path: string | null
  /** Tokens that the turn before had cached and this one did not read. */
  readonly lostTokens: number
}

interface CacheQuestion {
  readonly now: TurnUsage
  readonly before: TurnUsage | null
  readonly comparison: PromptComparison | null
}

/** A cache is kept in steps; less than this is no break. */
const unnoticedTokens = 1_024

/** Pure: why the cache of the turn before was not read, in plain words. */
export function explainCache(question: CacheQuestion): CacheVerdict {
  const { now, before } = question
  if (!before) return verdict('first_turn', 'First turn: nothing was cached before.')
  const cached = before.cacheReadInputTokens + before.cacheCreationInputTokens
  const lostTokens = Math.max(0, cached - now.cacheReadInputTokens)
  if (cached === 0) return verdict('not_cached', 'The turn before had cached nothing.')
  if (lostTokens < unnoticedTokens) return verdict('hit', 'The cache of the turn before was read.')
  return { ...findCause(question, before), lostTokens }
}

function verdict(cause: CacheCause, reason: string, path: string | null = null): CacheVerdict {
  return { cause, reason, path, lostTokens: 0 }
}

/** From what empties a cache altogether to what ends it somewhere. */
function findCause({ now, comparison }: CacheQuestion, before: TurnUsage): CacheVerdict {
  if (now.branchId !== before.branchId && now.branchId?.startsWith('compact_'))
    return verdict('compaction', 'A compaction replaced the history by its summary.')
  if (now.accountId !== before.accountId)
    return verdict(
      'account_switched',
      `The account changed from ${before.accountId ?? 'none'} to ${now.accountId ?? 'none'}; caches belong to one account.`,
    )
  if (now.model !== before.model)
    return verdict(
      'model_changed',
      `The model changed from ${before.model ?? 'unknown'} to ${now.model ?? 'unknown'}; caches belong to one model.`,
    )
  return (
    changedPrompt(comparison) ?? lapsed(now, before) ?? verdict('unexplained', 'Nothing that was sent explains it.')
  )
}

function changedPrompt(comparison: PromptComparison | null): CacheVerdict | null {
  const first = comparison?.firstBreak
  if (!comparison || !first) return null
  if (first.section === 'tools')
    return verdict('tools_changed', `The tools changed: ${toolsText(comparison, first.name)}.`, first.path)
  if (first.section === 'system')
    return verdict('system_changed', `The system prompt changed at block ${first.position + 1}.`, first.path)
  return verdict('message_edited', `Message ${first.position + 1} was edited or removed.`, first.path)
}

function toolsText({ addedTools, removedTools }: PromptComparison, firstName: string): string {
  const names = [...addedTools.map((name) => `+${name}`), ...removedTools.map((name) => `−${name}`)]
  if (names.length === 0) return `${firstName} is described otherwise, or stands elsewhere`
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
}

function lapsed(now: TurnUsage, before: TurnUsage): CacheVerdict | null {
  const minutes = (now.atMs - before.atMs) / 60_000
  const late = minutes - before.cacheMinutes
  if (late <= 0) return null
  const words = late < 1 ? 'less than a minute' : `${Math.round(late)} min`
  return verdict('lapsed', `The time to live of ${before.cacheMinutes} min had lapsed by ${words}.`)
}
