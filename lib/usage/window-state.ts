import type { KnownLimit } from './query-accounts-usage'

/** How far a window of a plan is used up, and who says so. Pure. */
export interface WindowState {
  readonly window: PlanWindow
  /** Share used; null = nobody knows. */
  readonly utilization: number | null
  /** `estimate`: the window the upstream spoke of is over; this is our own count at the rate it had. */
  readonly source: 'upstream' | 'estimate' | null
  /** When the upstream said it. */
  readonly asOfMs: number | null
  readonly status: string | null
  readonly resetsAtMs: number | null
  /** Share a micro-dollar uses up; null = not known. */
  readonly sharePerMicroUsd: number | null
}

export const planWindows = ['5h', '7d'] as const
export type PlanWindow = (typeof planWindows)[number]
export const planWindowMs: Record<PlanWindow, number> = { '5h': 5 * 3_600_000, '7d': 7 * 86_400_000 }

interface WindowFacts {
  readonly window: PlanWindow
  /** The last word of the upstream; null = it never said one. */
  readonly known: Pick<KnownLimit, 'utilization' | 'status' | 'resetsAt' | 'asOf'> | null
  /** What the account spent from the beginning of the window the upstream spoke of until it spoke. */
  readonly spentThenMicroUsd: number
  /** What it spent since that window was over, at most a window's length ago. */
  readonly spentSinceMicroUsd: number
  readonly nowMs: number
}

export function readWindowState(facts: WindowFacts): WindowState {
  const { window, known, nowMs, spentThenMicroUsd } = facts
  if (!known || known.utilization === null) {
    const none = { source: null, asOfMs: null, status: null, resetsAtMs: null, sharePerMicroUsd: null }
    return { window, utilization: null, ...none }
  }
  const { utilization } = known
  const sharePerMicroUsd = utilization > 0 && spentThenMicroUsd > 0 ? utilization / spentThenMicroUsd : null
  const said = { window, asOfMs: known.asOf.getTime(), sharePerMicroUsd }
  const resetsAtMs = known.resetsAt?.getTime() ?? null
  if (resetsAtMs === null || resetsAtMs > nowMs) {
    return { ...said, utilization, source: 'upstream', status: known.status, resetsAtMs }
  }
  const estimate = estimateShare(facts.spentSinceMicroUsd, sharePerMicroUsd)
  return { ...said, utilization: estimate, source: 'estimate', status: null, resetsAtMs: null }
}

function estimateShare(spentMicroUsd: number, sharePerMicroUsd: number | null): number | null {
  if (spentMicroUsd === 0) return 0
  return sharePerMicroUsd === null ? null : spentMicroUsd * sharePerMicroUsd
}
