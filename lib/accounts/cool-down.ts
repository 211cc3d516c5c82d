import type { HeaderList } from '@/lib/proxy/ports'

/** For a 429 that names no time (the spend cap of a tier does not). */
const unnamedCoolDownMs = 60_000
/** The longest window is a week; more than that is a broken clock. */
const longestCoolDownMs = 8 * 86_400_000

/**
 * How long an account should rest after this 429. A rejected window of a plan names its own reset, and that
 * is the true time: `retry-after` and the overall reset may speak of another window.
 */
export function readCoolDown(headers: HeaderList, nowMs: number): number {
  const byName = new Map(headers.map(([name, value]) => [name.toLowerCase(), value.trim()]))
  const coolDownMs = untilRejectedWindows(byName, nowMs) ?? readRetryAfter(byName, nowMs) ?? unnamedCoolDownMs
  return Math.min(Math.max(coolDownMs, 0), longestCoolDownMs)
}

function untilRejectedWindows(headers: ReadonlyMap<string, string>, nowMs: number): number | null {
  const resets: number[] = []
  for (const [name, value] of headers) {
    const window = /^anthropic-ratelimit-unified-(.+)-status$/.exec(name)?.[1]
    if (window === undefined || window === 'overage' || value !== 'rejected') continue
    const resetMs = Number(headers.get(`anthropic-ratelimit-unified-${window}-reset`)) * 1000
    if (Number.isFinite(resetMs) && resetMs > nowMs) resets.push(resetMs - nowMs)
  }
  return resets.length > 0 ? Math.max(...resets) : null
}

function readRetryAfter(headers: ReadonlyMap<string, string>, nowMs: number): number | null {
  const ms = headers.get('retry-after-ms')
  if (ms && Number.isFinite(Number(ms))) return Number(ms)
  const text = headers.get('retry-after')
  if (!text) return null
  if (Number.isFinite(Number(text))) return Number(text) * 1000
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) ? null : dateMs - nowMs
}
