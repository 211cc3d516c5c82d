import { usdOfMicroUsd } from '@/lib/money'
import type { AccountWindow, AccountWindows } from './query-windows'
import { tokenUsageJson } from './query-token-usage'
import { planWindowMs } from './window-state'
import { confidenceOf } from './usage-sums'

const iso = (atMs: number | null | undefined) =>
  atMs === null || atMs === undefined ? null : new Date(atMs).toISOString()

/** One account as `GET /api/token-usage/accounts` and the Windows page have it. */
export function accountWindowsJson(account: AccountWindows, now: Date) {
  const { accountId, name, kind, isPaused, domains, windows, otherLimits } = account
  const fiveHours = windows.find(({ window }) => window === '5h')
  return {
    ...{ accountId, name, kind, isPaused, domains },
    window: fiveHours && {
      ...{ accountId, domain: 'all', model: 'all' },
      windowStart: iso(now.getTime() - planWindowMs['5h']),
      windowEnd: iso(now.getTime()),
      ...tokenUsageJson(fiveHours.rolling),
    },
    limits: [
      ...windows.map(windowJson),
      ...otherLimits.map(({ window, utilization, status, amount, remaining, resetsAt, asOf }) => ({
        ...{ window, utilization, resetsAt: iso(resetsAt?.getTime()), source: 'upstream' as const },
        ...{ asOf: iso(asOf.getTime()), status, amount, remaining },
      })),
    ],
    windows: windows.map(windowDetailJson),
    tokensPerMinute: Math.round(account.tokensPerMinute),
    costPerMinuteUsd: usdOfMicroUsd(account.costPerMinuteMicroUsd),
  }
}
export type AccountWindowsJson = ReturnType<typeof accountWindowsJson>
export type WindowDetailJson = ReturnType<typeof windowDetailJson>

/** Where the upstream never spoke the share is unknown, and our own count stands for itself in `windows`. */
function windowJson({ window, utilization, source, resetsAtMs, asOfMs, status }: AccountWindow) {
  return {
    ...{ window, utilization, resetsAt: iso(resetsAtMs), source: source ?? ('estimate' as const) },
    ...{ asOf: iso(asOfMs), status, amount: null, remaining: null },
  }
}

function windowDetailJson(one: AccountWindow) {
  const { rolling, exhaustion, errors, forecaster } = one
  return {
    window: one.window,
    utilization: one.utilization,
    source: one.source,
    status: one.status,
    resetsAt: iso(one.resetsAtMs),
    asOf: iso(one.asOfMs),
    rolling: {
      requests: rolling.requests,
      errors: rolling.errors,
      inputTokens: rolling.inputTokens,
      outputTokens: rolling.outputTokens,
      cacheCreationInputTokens: rolling.cacheCreationInputTokens,
      cacheReadInputTokens: rolling.cacheReadInputTokens,
      costMicroUsd: rolling.costMicroUsd,
      costConfidence: confidenceOf(rolling),
    },
    exhaustion: exhaustion && {
      at: iso(exhaustion.at),
      earliest: iso(exhaustion.earliest),
      latest: iso(exhaustion.latest),
    },
    errors,
    forecaster,
  }
}
