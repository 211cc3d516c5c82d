import type { CostConfidence } from '@/lib/claude/cost'

/** How numbers, money and times look everywhere. Pure: same input, same text, on server and browser. */

type Amount = number | bigint

const steps = [
  { size: 1e12, unit: 'T' },
  { size: 1e9, unit: 'B' },
  { size: 1e6, unit: 'M' },
  { size: 1e3, unit: 'K' },
] as const

/** 950 · 12.3K · 1.2M. Pair it with `formatExact` in a tooltip. */
export function formatCount(amount: Amount): string {
  const value = Number(amount)
  // The limit is a rounding error below the step, so that 999,950 becomes 1M and never 1000K.
  const step = steps.find(({ size }) => Math.abs(value) >= size * 0.99995)
  if (!step) return String(Math.round(value * 10) / 10)
  return `${trimZero((value / step.size).toFixed(1))}${step.unit}`
}

/** 12,345 */
export function formatExact(amount: Amount): string {
  return amount.toLocaleString('en-US')
}

/** 1 request · 12,345 requests */
export function formatQuantity(amount: Amount, one: string, many = `${one}s`): string {
  return `${formatExact(amount)} ${Number(amount) === 1 ? one : many}`
}

/** Tokens read like counts; `null` = the upstream never said. */
export function formatTokens(amount: Amount | null | undefined): string {
  return amount === null || amount === undefined ? '–' : formatCount(amount)
}

/** 0.123 → 12.3% */
export function formatPercent(ratio: number): string {
  return `${trimZero((ratio * 100).toFixed(1))}%`
}

/**
 * $0.0042 · $12.30 · $1.2K, with `~` when estimated or partial. A number or bigint is micro-dollars, a string is
 * decimal dollars as the API sends them. No price known is "unpriced", never $0.
 */
export function formatCostUsd(cost: Amount | string | null | undefined, confidence: CostConfidence = 'exact'): string {
  if (cost === null || cost === undefined || confidence === 'unpriced') return 'unpriced'
  const dollars = typeof cost === 'string' ? Number(cost) : Number(cost) / 1e6
  const mark = confidence === 'exact' ? '' : '~'
  const sign = dollars < 0 ? '-' : ''
  return `${mark}${sign}${formatDollars(Math.abs(dollars))}`
}

function formatDollars(dollars: number): string {
  if (dollars === 0) return '$0.00'
  if (dollars < 0.00005) return '<$0.0001'
  if (dollars < 0.99995) return `$${dollars.toFixed(4).replace(/00$/, '')}`
  if (dollars < 999.995) return `$${dollars.toFixed(2)}`
  return `$${formatCount(dollars)}`
}

/** $0.80 · $3.75 · $0.275: what a million tokens cost. */
export function formatRate(usdPerMillion: number): string {
  return `$${usdPerMillion.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`
}

/** 840 ms · 12.4 s · 3 m 05 s · 2 h 05 m · 3 d 04 h; `null` = not known. */
export function formatDuration(durationMs: number | null | undefined): string {
  if (durationMs === null || durationMs === undefined) return '–'
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  if (seconds < 3_600) return pair([Math.floor(seconds / 60), 'm'], [seconds % 60, 's'])
  const minutes = Math.round(durationMs / 60_000)
  if (minutes < 1_440) return pair([Math.floor(minutes / 60), 'h'], [minutes % 60, 'm'])
  const hours = Math.round(durationMs / 3_600_000)
  return pair([Math.floor(hours / 24), 'd'], [hours % 24, 'h'])
}

function pair([large, largeUnit]: [number, string], [small, smallUnit]: [number, string]): string {
  return `${large} ${largeUnit} ${String(small).padStart(2, '0')} ${smallUnit}`
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** 512 B · 1.2 KB · 3.4 GB, by 1024. */
export function formatBytes(amount: Amount): string {
  let value = Number(amount)
  let unit = 0
  while (Math.abs(value) >= 1023.95 && unit < byteUnits.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? Math.round(value) : trimZero(value.toFixed(1))} ${byteUnits[unit]}`
}

type TimeStyle = 'clock' | 'day' | 'short' | 'full'

const timeStyles: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
}

/** `clock` 20:43:11 · `day` 22 Nov 2026 · `short` 22 Nov, 20:43 · `full` 22 Nov 2026, 20:43:11 UTC */
export function formatTime(at: Date | string | number, timeZone = 'UTC', style: TimeStyle = 'full'): string {
  return new Intl.DateTimeFormat('en-GB', { ...timeStyles[style], hourCycle: 'h23', timeZone }).format(new Date(at))
}

/** just now · 12 s ago · 5 min ago · 3 h ago · 2 d ago · in 5 min */
export function formatRelative(at: Date | string | number, nowMs: number): string {
  const differenceMs = new Date(at).getTime() - nowMs
  const seconds = Math.round(Math.abs(differenceMs) / 1000)
  if (seconds < 2) return 'just now'
  const amount = relativeAmount(seconds)
  return differenceMs > 0 ? `in ${amount}` : `${amount} ago`
}

function relativeAmount(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '')
}
