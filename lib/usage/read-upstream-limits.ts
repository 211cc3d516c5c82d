import type { HeaderList } from '@/lib/proxy/ports'

/** What one answer of the upstream says about one limit of the account. */
export interface UpstreamLimit {
  /** `5h`, `7d` … for plans; `requests`, `input-tokens` … for API keys; `priority-…`, `fast-…` where sold. */
  readonly window: string
  readonly status: string | null
  /** Share used, 0 to 1; may exceed 1. */
  readonly utilization: number | null
  readonly amount: number | null
  readonly remaining: number | null
  readonly resetsAtMs: number | null
}

const unified = /^anthropic-ratelimit-unified-([a-z0-9_]{1,60})-(status|utilization|reset)$/
const counted =
  /^anthropic-(?:ratelimit-)?((?:priority-|fast-)?(?:requests|tokens|input-tokens|output-tokens))-(limit|remaining|reset)$/
/** These are states of the plan, not windows of it. */
const notWindows = new Set(['overage', 'grace', 'slow', 'fallback'])
/** Nobody sends so many; a broken upstream must not fill a table. */
const mostWindows = 40

/** Reads an open list: a window that nobody has heard of yet is taken by its own name. */
export function readUpstreamLimits(headers: HeaderList): UpstreamLimit[] {
  const windows = new Map<string, Record<string, string>>()
  for (const [rawName, rawValue] of headers) {
    const name = rawName.toLowerCase()
    const [, window, field] = unified.exec(name) ?? counted.exec(name) ?? []
    if (!window || !field || notWindows.has(window) || windows.size >= mostWindows) continue
    windows.set(window, { ...windows.get(window), [field]: rawValue.trim() })
  }
  return [...windows].map(([window, fields]) => limitOf(window, fields))
}

function limitOf(window: string, fields: Record<string, string>): UpstreamLimit {
  const amount = readCount(fields.limit)
  const remaining = readCount(fields.remaining)
  const share = readNumber(fields.utilization) ?? shareOf(amount, remaining)
  return {
    window,
    status: fields.status?.slice(0, 40) ?? null,
    // -0.0 was seen.
    utilization: share === null ? null : Math.max(0, share),
    amount,
    remaining,
    resetsAtMs: readInstant(fields.reset),
  }
}

function shareOf(amount: number | null, remaining: number | null): number | null {
  return amount && remaining !== null ? 1 - remaining / amount : null
}

function readNumber(text: string | undefined): number | null {
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

function readCount(text: string | undefined): number | null {
  const value = readNumber(text)
  return value !== null && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null
}

const lastInstantMs = Date.UTC(9999, 11, 31)

/** Unix seconds, or a date of RFC 3339. */
function readInstant(text: string | undefined): number | null {
  const seconds = readNumber(text)
  const atMs = seconds === null ? Date.parse(text ?? '') : seconds * 1000
  return Number.isNaN(atMs) || atMs < 0 || atMs > lastInstantMs ? null : atMs
}
