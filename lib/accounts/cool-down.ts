import type { HeaderList } from '@/lib/proxy/ports'

/**
 * Why an account rests: `throttle` (too much in a minute), `window` (the five-hour or weekly window of a plan is used
 * up), `quota` (the money it may spend is spent).
 */
export type CoolingCause = 'throttle' | 'window' | 'quota'

interface CoolDown {
  readonly durationMs: number
  readonly cause: CoolingCause
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
 * How long an account should rest after such an answer. A rejected window of a plan names its own reset, and that is
 * the true time: `retry-after` and the overall reset may speak of another window. Instants are read against the
 * upstream's own clock, so that ours may be wrong.
 */
export function readCoolDown(headers: HeaderList, nowMs: number): CoolDown {
  const byName = new Map(headers.map(([name, value]) => [name.toLowerCase(), value.trim()]))
  const theirNowMs = readInstant(byName.get('date')) ?? nowMs
  const { durationMs, cause } = untilWindowResets(byName, theirNowMs) ??
    readRetryAfter(byName, theirNowMs) ??
    untilLimitResets(byName, theirNowMs) ?? { durationMs: unnamedMs, cause: 'quota' as const }
  return { durationMs: Math.min(Math.max(durationMs, 0), longestMs), cause }
}

function untilWindowResets(headers: ReadonlyMap<string, string>, nowMs: number): CoolDown | null {
  const resets: number[] = []
  for (const [name, value] of headers) {
    const window = /^anthropic-ratelimit-unified-(.+)-status$/.exec(name)?.[1]
    if (window === undefined || window === 'overage' || value !== 'rejected') continue
    const resetMs = Number(headers.get(`anthropic-ratelimit-unified-${window}-reset`)) * 1000
    if (Number.isFinite(resetMs) && resetMs > nowMs) resets.push(resetMs - nowMs)
  }
  return resets.length > 0 ? { durationMs: Math.max(...resets), cause: 'window' } : null
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
  const resets: number[] = []
  for (const [name, value] of headers) {
    const limit = /^(anthropic-ratelimit-.+)-remaining$/.exec(name)?.[1]
    const resetMs = limit && value === '0' ? readInstant(headers.get(`${limit}-reset`)) : null
    if (resetMs && resetMs > nowMs) resets.push(resetMs - nowMs)
  }
  return resets.length > 0 ? { durationMs: Math.max(...resets), cause: 'throttle' } : null
}

function readInstant(text: string | undefined): number | null {
  const atMs = text ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}
