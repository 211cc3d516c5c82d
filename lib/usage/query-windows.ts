import {
  forecastExhaustion,
  longForecaster,
  shortForecaster,
  type Exhaustion,
  type PastErrors,
  type Series,
} from './forecast'
import { longStepMs, queryPastErrorsSoon, shortStepMs } from './past-errors'
import { listAccountsInUse, listKnownLimits, type AccountInUse, type KnownLimit } from './query-accounts-usage'
import { queryPace } from './query-pace'
import { queryUsage, queryUsageTotal } from './query-usage'
import { addUsage, noUsage, type UsageSums } from './usage-sums'
import { planWindowMs, planWindows, readWindowState, type PlanWindow, type WindowState } from './window-state'

/** The band of a forecast may come a moment later than the forecast. */
const patienceMs = 150

export interface AccountWindow extends WindowState {
  /** Our own count of the time that ends now and is as long as the window. */
  readonly rolling: UsageSums
  /** null = the pace or the share of a dollar is not known. */
  readonly exhaustion: Exhaustion | null
  readonly errors: PastErrors | null
  readonly forecaster: string
}

export interface AccountWindows extends AccountInUse {
  readonly windows: readonly AccountWindow[]
  /** Every other limit the upstream spoke of. */
  readonly otherLimits: readonly KnownLimit[]
  readonly tokensPerMinute: number
  readonly costPerMinuteMicroUsd: number
}

/** All accounts with their five-hour and weekly windows: what we counted, what the upstream says, where it leads. */
export async function queryWindows(now: Date): Promise<AccountWindows[]> {
  const [accounts, limits, rolling, recent, daily, errors] = await Promise.all([
    listAccountsInUse(),
    listKnownLimits(),
    queryRolling(now),
    queryPace({ until: now, stepMs: shortStepMs, steps: 19 }),
    queryPace({ until: now, stepMs: longStepMs, steps: 25 }),
    queryPastErrorsSoon(now, patienceMs),
  ])
  return Promise.all(
    accounts.map(async (account): Promise<AccountWindows> => {
      const { accountId } = account
      const own = limits.filter((limit) => limit.accountId === accountId)
      const pace: Record<PlanWindow, Series> = { '5h': recent.cost(accountId), '7d': daily.cost(accountId) }
      const windows = planWindows.map(async (window): Promise<AccountWindow> => {
        const known = own.find((limit) => limit.window === window) ?? null
        const state = readWindowState({ window, known, ...(await querySpent(accountId, { window, known, now })) })
        const forecaster = window === '5h' ? shortForecaster : longForecaster
        const perMinute = forecaster.rateAt(pace[window], now.getTime())
        const pastErrors = errors.get(accountId)?.[window] ?? null
        return {
          ...state,
          rolling: rolling(accountId)[window],
          exhaustion: exhaustionOf(state, { perMinute, pastErrors, nowMs: now.getTime() }),
          errors: pastErrors,
          forecaster: forecaster.name,
        }
      })
      return {
        ...account,
        windows: await Promise.all(windows),
        otherLimits: own.filter((limit) => !planWindows.some((window) => window === limit.window)),
        tokensPerMinute: shortForecaster.rateAt(recent.tokens(accountId), now.getTime()),
        costPerMinuteMicroUsd: shortForecaster.rateAt(recent.cost(accountId), now.getTime()),
      }
    }),
  )
}

function exhaustionOf(
  { utilization, sharePerMicroUsd, resetsAtMs }: WindowState,
  { perMinute, pastErrors, nowMs }: { perMinute: number; pastErrors: PastErrors | null; nowMs: number },
): Exhaustion | null {
  if (utilization === null || sharePerMicroUsd === null || resetsAtMs === null) return null
  const left = (1 - utilization) / sharePerMicroUsd
  return forecastExhaustion({ left, perMinute }, pastErrors, { nowMs, resetMs: resetsAtMs })
}

/** What the account spent while the upstream's window ran, and since it was over. */
async function querySpent(
  accountId: string,
  { window, known, now }: { window: PlanWindow; known: KnownLimit | null; now: Date },
) {
  const nowMs = now.getTime()
  const resetMs = known?.resetsAt?.getTime()
  if (!known || resetMs === undefined) return { nowMs, spentThenMicroUsd: 0, spentSinceMicroUsd: 0 }
  const lengthMs = planWindowMs[window]
  const spent = async (fromMs: number, toMs: number) => {
    if (fromMs >= toMs) return 0
    const period = { from: new Date(fromMs), to: new Date(toMs) }
    return (await queryUsageTotal({ ...period, filter: { accountId: [accountId] } })).costMicroUsd
  }
  // The answer that said it is not in its own figures yet, and is recorded with the time of its request.
  const [spentThenMicroUsd, spentSinceMicroUsd] = await Promise.all([
    spent(resetMs - lengthMs, Math.min(known.asOf.getTime(), resetMs)),
    spent(Math.max(resetMs, nowMs - lengthMs), nowMs),
  ])
  return { nowMs, spentThenMicroUsd, spentSinceMicroUsd }
}

/** The sums of the last five hours and seven days, by account. */
async function queryRolling(now: Date): Promise<(accountId: string) => Record<PlanWindow, UsageSums>> {
  const starts = [planWindowMs['7d'], planWindowMs['5h']].map((lengthMs) => new Date(now.getTime() - lengthMs))
  const { cells } = await queryUsage({ from: starts[0] as Date, to: now, starts, filter: {}, groupBy: 'accountId' })
  return (accountId) => {
    const own = cells.filter(({ group }) => group === accountId)
    return { '7d': addUsage(own), '5h': own.find(({ bucket }) => bucket === 1) ?? noUsage }
  }
}
