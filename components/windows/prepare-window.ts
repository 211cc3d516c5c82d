import { formatDuration, formatPercent, formatTime } from '@/lib/format'
import type { WindowDetailJson } from '@/lib/usage/windows-json'

export const windowNames = { '5h': 'Five hours', '7d': 'Seven days' } as const
export const windowLengths = { '5h': 'the last five hours', '7d': 'the last seven days' } as const

export type Tone = 'ok' | 'warn' | 'danger'

export interface WindowFigure {
  readonly name: string
  /** 0 to 1, or more; null = nobody knows. */
  readonly share: number | null
  readonly shareText: string
  readonly tone: Tone
  /** Who says so. */
  readonly source: 'Claude' | 'our estimate' | null
  readonly asOf: string | null
  /** It was said so long ago that it only is the last known. */
  readonly isStale: boolean
  readonly resetsAt: string | null
  readonly resetText: string
  readonly forecast: string
  readonly howComputed: string
}

/** Where the gauge warns: three quarters, then nine tenths, then nearly all. */
export const thresholds = [0.75, 0.9, 0.95] as const
const staleMs = 30 * 60_000

export interface Clock {
  readonly nowMs: number
  readonly timeZone: string
}

/** What a gauge of a plan's window says. */
export function prepareWindow(window: WindowDetailJson, clock: Clock): WindowFigure {
  const { utilization: share, asOf, resetsAt } = window
  return {
    ...{ name: windowNames[window.window], share, asOf, resetsAt },
    shareText: share === null ? 'unknown' : `${window.source === 'estimate' ? '~' : ''}${formatPercent(share)}`,
    tone: toneOf(share),
    source: window.source === null ? null : window.source === 'upstream' ? 'Claude' : 'our estimate',
    isStale: asOf !== null && clock.nowMs - Date.parse(asOf) > staleMs,
    resetText: resetTextOf(window, clock),
    forecast: forecastOf(window, clock),
    howComputed: howForecast(window),
  }
}

export function toneOf(share: number | null): Tone {
  if (share === null || share < thresholds[0]) return 'ok'
  return share < thresholds[2] ? 'warn' : 'danger'
}

function resetTextOf({ source, resetsAt }: WindowDetailJson, { nowMs, timeZone }: Clock): string {
  if (source === null) return 'Claude has said nothing of it yet.'
  if (source === 'estimate') return 'The window that Claude spoke of is over; a new one begins with the next request.'
  if (resetsAt === null) return 'Claude did not say when it resets.'
  return `Resets in ${formatDuration(Math.max(0, Date.parse(resetsAt) - nowMs))}, at ${formatTime(resetsAt, timeZone, 'short')}.`
}

/** When it will be used up at the present pace, and how sure that is. */
function forecastOf({ exhaustion }: WindowDetailJson, { nowMs, timeZone }: Clock): string {
  if (exhaustion === null) return ''
  const { at, earliest, latest } = exhaustion
  if (at !== null && Date.parse(at) <= nowMs) return 'Used up.'
  const on = (instant: string) => formatTime(instant, timeZone, 'short')
  if (at === null) {
    return earliest === null
      ? 'At the present pace it lasts until the reset.'
      : `At the present pace it lasts until the reset; at worst it is used up at ${on(earliest)}.`
  }
  const used = `At the present pace it is used up in ${formatDuration(Date.parse(at) - nowMs)}, at ${on(at)}`
  if (earliest === null) return `${used}.`
  const until = latest === null ? ', perhaps not before the reset' : ` and not after ${on(latest)}`
  return `${used}; not before ${on(earliest)}${until}.`
}

function howForecast({ forecaster, errors }: WindowDetailJson): string {
  const method = `Forecast from the ${forecaster} and from what a dollar used up of this window so far.`
  if (!errors) return `${method} There is too little of the past to say how wrong such forecasts were.`
  const { low, high, points } = errors
  return `${method} ${points} such forecasts of this account’s past were compared with what came: eight of ten came to between ${low.toFixed(2)} and ${high.toFixed(2)} times what was forecast. That is the band.`
}
