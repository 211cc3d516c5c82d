import { isBreached, type AlertMetric } from './alert-metrics'

/** Whether a rule is firing, and when it was last told of. */
export interface RuleState {
  readonly firingSince: Date | null
  readonly notifiedAt: Date | null
}

export interface Watched {
  readonly metric: AlertMetric
  readonly threshold: number
  readonly repeatMinutes: number
}

export type AlertEvent = 'firing' | 'still_firing' | 'resolved'

export interface Step {
  readonly state: RuleState
  /** What is to be told now; null = nothing. */
  readonly event: AlertEvent | null
}

export const wellState: RuleState = { firingSince: null, notifiedAt: null }

/** The rule after one more look at its figure. Pure: the server and the preview use the same. */
export function stepRule(rule: Watched, state: RuleState, { value, at }: { value: number; at: Date }): Step {
  if (!isBreached(rule.metric, value, rule.threshold)) {
    return { state: wellState, event: state.firingSince ? 'resolved' : null }
  }
  if (!state.firingSince) return { state: { firingSince: at, notifiedAt: at }, event: 'firing' }
  const sinceMs = at.getTime() - (state.notifiedAt ?? state.firingSince).getTime()
  if (sinceMs < rule.repeatMinutes * 60_000) return { state, event: null }
  return { state: { ...state, notifiedAt: at }, event: 'still_firing' }
}
