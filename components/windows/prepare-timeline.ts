import { formatCost } from '@/components/usage/format-metric'
import type { Sent } from '@/lib/sent'
import { formatExact, formatPercent, formatQuantity, formatTime } from '@/lib/format'
import type { TimelineWindow } from '@/lib/usage/query-window-detail'

export type TimelineJson = Sent<TimelineWindow>

/** One past window as a row; a gap is a row too. */
export type TimelineRow =
  | { readonly kind: 'gap'; readonly key: string; readonly text: string }
  | {
      readonly kind: 'window'
      readonly key: string
      readonly timeText: string
      readonly isRunning: boolean
      /** Of the costliest one, 0 to 1. */
      readonly length: number
      readonly costText: string
      readonly requestsText: string
      readonly shareText: string
      readonly source: 'Claude' | 'our estimate'
    }

const hourMs = 3_600_000

/** The last windows, newest first, with the hours between them in which the account rested. */
export function prepareTimeline(
  windows: readonly TimelineJson[],
  { nowMs, timeZone }: { nowMs: number; timeZone: string },
): TimelineRow[] {
  const most = Math.max(...windows.map(({ usage }) => usage.costMicroUsd), 1)
  return windows
    .flatMap((window, index): TimelineRow[] => {
      const previous = windows[index - 1]
      const gapMs = previous ? window.fromMs - previous.toMs : 0
      return [...(gapMs >= hourMs ? [gapRow(gapMs, window.fromMs)] : []), windowRow(window, { nowMs, timeZone, most })]
    })
    .reverse()
}

function gapRow(gapMs: number, untilMs: number): TimelineRow {
  const hours = Math.round(gapMs / hourMs)
  return { kind: 'gap', key: `gap ${untilMs}`, text: `${formatQuantity(hours, 'hour')} without a request` }
}

function windowRow(
  { fromMs, toMs, source, utilization, usage }: TimelineJson,
  { nowMs, timeZone, most }: { nowMs: number; timeZone: string; most: number },
): TimelineRow {
  const end = formatTime(toMs, timeZone, 'short').split(', ')[1] ?? ''
  return {
    kind: 'window',
    key: String(fromMs),
    timeText: `${formatTime(fromMs, timeZone, 'short')}–${end}`,
    isRunning: fromMs <= nowMs && nowMs < toMs,
    length: usage.costMicroUsd / most,
    costText: formatCost(usage),
    requestsText: formatExact(usage.requests),
    shareText: utilization === null ? '–' : formatPercent(utilization),
    source: source === 'upstream' ? 'Claude' : 'our estimate',
  }
}
