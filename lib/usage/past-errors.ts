import { setTimeout as delay } from 'node:timers/promises'
import { shared } from '@/lib/shared'
import { longForecaster, shortForecaster, testForecaster, type PastErrors } from './forecast'
import { queryPace } from './query-pace'
import type { PlanWindow } from './window-state'

type ErrorsOfWindows = Readonly<Record<PlanWindow, PastErrors | null>>

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Past errors change slowly, and take a week of requests to compute. */
const freshMs = 600_000

/** The steps of the live forecasts: what is tested is what is shown. */
export const shortStepMs = 5 * minuteMs
export const longStepMs = hourMs

interface Cached {
  atMs: number
  errors: Promise<ReadonlyMap<string, ErrorsOfWindows>>
}

/** How wrong the forecasts of each account were: over the last week for the short pace, over four for the long one. */
function queryPastErrors(now: Date): Promise<ReadonlyMap<string, ErrorsOfWindows>> {
  const cache = shared<{ last: Cached | null }>('usage.past-errors', () => ({ last: null }))
  if (cache.last && Math.abs(now.getTime() - cache.last.atMs) < freshMs) return cache.last.errors
  const made = { atMs: now.getTime(), errors: testAll(now) }
  cache.last = made
  made.errors.catch(() => {
    if (cache.last === made) cache.last = null
  })
  return made.errors
}

/** For readers who should not wait for them: what is known after a moment, perhaps nothing yet. */
export async function queryPastErrorsSoon(
  now: Date,
  patienceMs: number,
): Promise<ReadonlyMap<string, ErrorsOfWindows>> {
  const limit = new AbortController()
  const late = delay(patienceMs, new Map<string, ErrorsOfWindows>(), { signal: limit.signal }).catch(() => new Map())
  const known = await Promise.race([queryPastErrors(now), late])
  limit.abort()
  return known
}

async function testAll(now: Date): Promise<ReadonlyMap<string, ErrorsOfWindows>> {
  const [short, long] = await Promise.all([
    queryPace({ until: now, stepMs: shortStepMs, steps: (7 * dayMs) / shortStepMs }),
    queryPace({ until: now, stepMs: longStepMs, steps: (28 * dayMs) / longStepMs }),
  ])
  const errorsOf = (accountId: string): ErrorsOfWindows => ({
    '5h': testForecaster(shortForecaster, short.cost(accountId)),
    '7d': testForecaster(longForecaster, long.cost(accountId)),
  })
  return new Map(long.accountIds.map((accountId) => [accountId, errorsOf(accountId)]))
}
