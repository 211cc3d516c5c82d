import type { HeaderList, OverLimit } from '@/lib/proxy/ports'
import type { CoolingCause } from './cool-down'

/** Why an account rests, and until when. */
export interface Rest {
  readonly untilMs: number
  readonly cause: CoolingCause
  /** The window of its plan that is used up; null = it is not told. */
  readonly window: string | null
  /** The class of models that it rests for; null = all. */
  readonly models: string | null
}

/** What the client hears while nobody can be asked: what is used up, and when to come again. No account is named. */
export function restAnswer(first: Rest, nowMs: number): OverLimit {
  const leftMs = first.untilMs - nowMs
  // A spending limit names no time: we ask again then.
  const happens = first.cause === 'quota' ? 'is asked again' : 'is free again'
  const until = new Date(Math.ceil(first.untilMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  return {
    type: 'rate_limit_error',
    message: `Rate limit exceeded: ${usedUp(first)}. An account ${happens} at ${until}, in ${inWords(leftMs)}.`,
    retryAfterSeconds: Math.ceil(leftMs / 1000),
    headers: unifiedHeaders(first),
  }
}

/** Money is all that is missing: clients stop, as trying again is of no use. */
export function spentAnswer(domain: string, first: Rest, nowMs: number): OverLimit {
  return {
    type: 'billing_error',
    message: `Every account of ${domain} has reached its spending limit at the Claude API.`,
    retryAfterSeconds: Math.ceil((first.untilMs - nowMs) / 1000),
  }
}

function usedUp({ cause, window, models }: Rest): string {
  if (cause === 'quota') return 'the spending limit at the Claude API is reached'
  if (cause === 'throttle') return `too many requests or tokens a minute${models ? ` for ${models}` : ''}`
  return `the ${windowsOf[window ?? '']?.words ?? 'usage window'} of the plan is used up`
}

/** The windows of a plan, in our words and in Claude's (`anthropic-ratelimit-unified-representative-claim`). */
const windowsOf: Readonly<Record<string, { readonly words: string; readonly claim: string }>> = {
  '5h': { words: 'five-hour window', claim: 'five_hour' },
  '7d': { words: 'weekly window', claim: 'seven_day' },
}

/**
 * As Claude itself heads such an answer. Claude Code with a gateway's token prints our message and stops; with a plan's
 * login it says which of its windows is used up and when that resets (both tried with 2.1.330).
 */
function unifiedHeaders({ cause, window, untilMs }: Rest): HeaderList {
  const known = cause === 'window' && window ? windowsOf[window] : undefined
  if (!known) return []
  const reset = String(Math.ceil(untilMs / 1000))
  const unified = (name: string, value: string) => [`anthropic-ratelimit-unified-${name}`, value] as const
  return [
    unified('status', 'rejected'),
    unified('reset', reset),
    unified('representative-claim', known.claim),
    unified(`${window}-status`, 'rejected'),
    unified(`${window}-reset`, reset),
  ]
}

/** `12 s`, `2 h 10 min`, `3 d 4 h`: never less than what is left. */
function inWords(leftMs: number): string {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = minutes < 1_440 ? Math.floor(minutes / 60) : Math.ceil(minutes / 60)
  return hours < 24 ? join([hours, 'h'], [minutes % 60, 'min']) : join([Math.floor(hours / 24), 'd'], [hours % 24, 'h'])
}

type Part = readonly [amount: number, unit: string]

function join(large: Part, small: Part): string {
  return [large, small].flatMap(([amount, unit]) => (amount > 0 ? [`${amount} ${unit}`] : [])).join(' ')
}
