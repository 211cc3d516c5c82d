import { z } from 'zod'

/** A period of time as a URL names it: relative ends stay relative, so a link means the same tomorrow. */
interface TimeRange {
  readonly from: Date
  readonly to: Date
  /** The two ends as written, e.g. `-24h` and `now`. */
  readonly written: { readonly from: string; readonly to: string }
}

const minuteMs = 60_000
const unitMs = { m: minuteMs, h: 60 * minuteMs, d: 1440 * minuteMs }
const relative = /^-(\d{1,5})([mhd])$/
const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i
/** Longest period a query may span. */
export const longestRangeMs = 400 * unitMs.d

export const presetRanges = ['-15m', '-1h', '-6h', '-24h', '-7d', '-30d'] as const
export const defaultRange = '-24h'

/** `-24h`, `now` or an ISO instant (of UTC where it names no zone) as a Date; null when it is none of these. */
export function readInstant(text: string, now: Date): Date | null {
  if (text === 'now') return now
  const match = relative.exec(text)
  if (match) return new Date(now.getTime() - Number(match[1]) * unitMs[match[2] as keyof typeof unitMs])
  const [, day, time = '00:00', zone = 'Z'] = iso.exec(text) ?? []
  if (!day) return null
  const at = new Date(`${day}T${time}${zone}`)
  return Number.isNaN(at.getTime()) ? null : at
}

/** For query strings: an instant, relative ones counted from the moment of parsing. */
export const instantSchema = z
  .string()
  .transform((text, context) => {
    const at = readInstant(text, new Date())
    if (at) return at
    context.addIssue({ code: 'custom', message: 'is a time such as 2026-11-22T00:00:00Z, -24h or now' })
    return z.NEVER
  })
  .describe('ISO 8601, of UTC where it names no zone; or counted from now: -24h, -7d, now')

/** Reads the two ends; what is missing or unusable becomes the last 24 hours. */
export function readTimeRange(given: { from?: string; to?: string }, now: Date): TimeRange {
  const to = readInstant(given.to ?? 'now', now)
  const from = readInstant(given.from ?? defaultRange, now)
  if (!to || !from || from >= to) return readTimeRange({}, now)
  const start = new Date(Math.max(from.getTime(), to.getTime() - longestRangeMs))
  return { from: start, to, written: { from: given.from ?? defaultRange, to: given.to ?? 'now' } }
}

/** An IANA time zone that this machine knows, else UTC. */
export function readTimeZone(given: string | undefined): string {
  if (!given) return 'UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone
  } catch {
    // An unknown zone in a URL must not break the page.
    return 'UTC'
  }
}
