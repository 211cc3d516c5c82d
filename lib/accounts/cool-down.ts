import type { HeaderList } from '@/lib/proxy/ports'

/**
 * Why an account rests: `throttle` (too much in a minute), `window` (the five-hour or weekly window of a plan is used
 * up), `quota` (the money it may spend is spent).
 */
export type CoolingCause = 'throttle' | 'window' | 'quota'

interface CoolDown {
  readonly durationMs: number
  readonly cause: CoolingCause
  /** The window that is used up, as the upstream calls it: `5h`, `7d`. */
  readonly window?: string
  /** A limit of requests or tokens a minute stands at zero, and an API key has those for each class of models. */
  readonly isOfModels?: true
}

/** One window of a plan that the upstream says is used up. */
interface RejectedWindow {
  readonly window: string
  /** Only calls of some models are refused (`7d_opus`), not those of the account (`5h`, `7d`). */
  readonly isOfModels: boolean
  /** From now on; null = it names none, or one that is over. */
  readonly resetsInMs: number | null
}

/** For a refusal that names no time (a spending limit does not): soon enough to notice that somebody raised it. */
const unnamedMs = 60_000
/** The longest window is a week; more than that is a broken clock. */
const longestMs = 8 * 86_400_000

/** Whether a status asks for rest: too many requests, or payment required. */
export function asksForRest(status: number | null): boolean {
  return status === 429 || status === 402
}

/**
 * How long an account should rest after such an answer; null = not at all, because the window of some models alone is
 * used up, and others are answered. A rejected window of a plan names its own reset, and that is the true time:
 * `retry-after` and the overall reset may speak of another window. Instants are read against the upstream's own clock,
 * so that ours may be wrong.
 */
export function readCoolDown(headers: HeaderList, nowMs: number): CoolDown | null {
  const byName = new Map(headers.map(([name, value]) => [name.toLowerCase(), value.trim()]))
  const theirNowMs = readInstant(byName.get('date')) ?? nowMs
  const rejected = listRejectedWindows(byName, theirNowMs)
  if (rejected.length > 0 && rejected.every(({ isOfModels }) => isOfModels)) return null
  const { durationMs, ...why } = untilWindowResets(rejected) ??
    readRetryAfter(byName, theirNowMs) ??
    untilLimitResets(byName, theirNowMs) ?? { durationMs: unnamedMs, cause: 'quota' as const }
  const isOfModels = why.cause === 'throttle' && rejected.length === 0 && listUsedUpLimits(byName).length > 0
  return { durationMs: Math.min(Math.max(durationMs, 0), longestMs), ...why, ...(isOfModels && { isOfModels }) }
}

function listRejectedWindows(headers: ReadonlyMap<string, string>, nowMs: number): RejectedWindow[] {
  return [...headers].flatMap(([name, value]) => {
    const [, window, models] = /^anthropic-ratelimit-unified-(\d+[a-z](_.+)?)-status$/.exec(name) ?? []
    if (window === undefined || value !== 'rejected') return []
    const resetMs = Number(headers.get(`anthropic-ratelimit-unified-${window}-reset`)) * 1000
    return [{ window, isOfModels: models !== undefined, resetsInMs: resetMs > nowMs ? resetMs - nowMs : null }]
  })
}

function untilWindowResets(rejected: readonly RejectedWindow[]): CoolDown | null {
  const resets = rejected.flatMap(({ window, isOfModels, resetsInMs }) =>
    isOfModels || resetsInMs === null ? [] : [{ window, durationMs: resetsInMs, cause: 'window' as const }],
  )
  return resets.toSorted((one, other) => other.durationMs - one.durationMs)[0] ?? null
}

function readRetryAfter(headers: ReadonlyMap<string, string>, nowMs: number): CoolDown | null {
  const ms = headers.get('retry-after-ms')
  if (ms && Number.isFinite(Number(ms))) return { durationMs: Number(ms), cause: 'throttle' }
  const text = headers.get('retry-after')
  if (!text) return null
  if (Number.isFinite(Number(text))) return { durationMs: Number(text) * 1000, cause: 'throttle' }
  const atMs = readInstant(text)
  return atMs === null ? null : { durationMs: atMs - nowMs, cause: 'throttle' }
}

/** `anthropic-ratelimit-requests-remaining: 0` with its `…-reset`; several at zero: all must be over. */
function untilLimitResets(headers: ReadonlyMap<string, string>, nowMs: number): CoolDown | null {
  const resets = listUsedUpLimits(headers).flatMap((limit) => {
    const resetMs = readInstant(headers.get(`${limit}-reset`))
    return resetMs && resetMs > nowMs ? [resetMs - nowMs] : []
  })
  return resets.length > 0 ? { durationMs: Math.max(...resets), cause: 'throttle' } : null
}

function listUsedUpLimits(headers: ReadonlyMap<string, string>): string[] {
  return [...headers].flatMap(([name, value]) => {
    const limit = /^(anthropic-(?:ratelimit|fast)-.+)-remaining$/.exec(name)?.[1]
    return limit && value === '0' ? [limit] : []
  })
}

function readInstant(text: string | undefined): number | null {
  const atMs = text ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}
