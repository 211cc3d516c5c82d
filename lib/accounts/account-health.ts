import type { Attempt, HeaderList } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { readCoolDown } from './cool-down'

/** What recent attempts say about an account. */
export interface AccountHealth {
  /** The upstream asked for a pause until then; 0 = it did not. */
  readonly coolingUntilMs: number
  /** It failed again and again: others go first until then. */
  readonly ejectedUntilMs: number
  readonly consecutiveFailures: number
}

export const healthy: AccountHealth = { coolingUntilMs: 0, ejectedUntilMs: 0, consecutiveFailures: 0 }

/** Where health is kept. In memory of this process today; a shared store can take its place. */
export interface HealthStore {
  get(accountId: string): AccountHealth
  set(accountId: string, health: AccountHealth): void
}

export function accountHealth(): HealthStore {
  return shared('accounts.health', () => {
    const known = new Map<string, AccountHealth>()
    return {
      get: (accountId) => known.get(accountId) ?? healthy,
      set: (accountId, health) => void known.set(accountId, health),
    }
  })
}

const ejectAfterFailures = 3
const firstEjectionMs = 10_000
const longestEjectionMs = 300_000

interface Report {
  readonly attempt: Pick<Attempt, 'status'>
  readonly headers: HeaderList
  readonly nowMs: number
}

/**
 * Health after one more attempt. A 429 cools for exactly the advertised time; overload, server errors and lost
 * connections count towards an ejection that doubles; a client error says nothing about the account.
 */
export function healthAfter(before: AccountHealth, { attempt, headers, nowMs }: Report): AccountHealth {
  const { status } = attempt
  if (status === 429) {
    return { ...before, coolingUntilMs: Math.max(before.coolingUntilMs, nowMs + readCoolDown(headers, nowMs)) }
  }
  if (status !== null && status < 400) return { ...before, consecutiveFailures: 0, ejectedUntilMs: 0 }
  if (status !== null && status < 500) return before
  const consecutiveFailures = before.consecutiveFailures + 1
  if (consecutiveFailures < ejectAfterFailures) return { ...before, consecutiveFailures }
  const ejectionMs = Math.min(longestEjectionMs, firstEjectionMs * 2 ** (consecutiveFailures - ejectAfterFailures))
  return { ...before, consecutiveFailures, ejectedUntilMs: nowMs + ejectionMs }
}
