import type { Attempt, HeaderList } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { asksForRest, readCoolDown, type CoolingCause } from './cool-down'
import { isMessage, isOfAdministration } from './endpoint'
import { mergeRests, withRest, type ModelRests } from './model-rests'

/** What recent attempts say about an account. Instants are of this process's clock; 0 = never. */
export interface AccountHealth {
  /** The upstream asked for a pause until then. */
  readonly coolingUntilMs: number
  readonly coolingCause: CoolingCause | null
  /** The window of its plan that is used up: `5h`, `7d`. */
  readonly coolingWindow: string | null
  /** Classes of models that it may not be asked for until then, while others are answered. */
  readonly modelRests: ModelRests
  /** It failed again and again: others go first until then. */
  readonly ejectedUntilMs: number
  readonly consecutiveFailures: number
  /** The upstream refuses the credential since then: a person has to log in again, or to enter another key. */
  readonly refusedAtMs: number
  /** In words, without secrets; null = none yet. */
  readonly lastError: string | null
  readonly lastErrorAtMs: number
  /** When this was last true. */
  readonly asOfMs: number
}

export const healthy: AccountHealth = {
  coolingUntilMs: 0,
  coolingCause: null,
  coolingWindow: null,
  modelRests: {},
  ejectedUntilMs: 0,
  consecutiveFailures: 0,
  refusedAtMs: 0,
  lastError: null,
  lastErrorAtMs: 0,
  asOfMs: 0,
}

/** What this process knows of its accounts' health; account-state.ts keeps it equal to what others know. */
class HealthStore {
  private readonly known = new Map<string, AccountHealth>()
  /** Accounts of which others do not know the latest yet. */
  private readonly unsaved = new Set<string>()

  get(accountId: string): AccountHealth {
    return this.known.get(accountId) ?? healthy
  }

  /** Takes what an attempt of this process has shown. */
  set(accountId: string, health: AccountHealth): void {
    if (health === this.get(accountId)) return
    this.known.set(accountId, health)
    this.unsaved.add(accountId)
  }

  /** Takes what is stored: it replaces what is known here, or is put together with what is not stored yet. */
  learn(accountId: string, stored: AccountHealth): void {
    const own = this.known.get(accountId)
    this.known.set(accountId, own && this.unsaved.has(accountId) ? mergeHealth(own, stored) : stored)
  }

  /** Forgets everything about an account: its credential is a new one. */
  clear(accountId: string): void {
    this.known.delete(accountId)
    this.unsaved.delete(accountId)
  }

  takeUnsaved(): [accountId: string, health: AccountHealth][] {
    const taken = [...this.unsaved].map((accountId) => [accountId, this.get(accountId)] as [string, AccountHealth])
    this.unsaved.clear()
    return taken
  }

  /** Could not be saved: to be saved with the next ones. */
  putBack(accountId: string): void {
    if (this.known.has(accountId)) this.unsaved.add(accountId)
  }
}

export function accountHealth(): HealthStore {
  return shared('accounts.health', () => new HealthStore())
}

/** Two processes saw attempts at the same time: the later word counts, and the longer pause. */
function mergeHealth(left: AccountHealth, right: AccountHealth): AccountHealth {
  const later = right.asOfMs > left.asOfMs ? right : left
  const { coolingUntilMs, coolingCause, coolingWindow } = right.coolingUntilMs > left.coolingUntilMs ? right : left
  const modelRests = mergeRests(left.modelRests, right.modelRests)
  return { ...later, coolingUntilMs, coolingCause, coolingWindow, modelRests }
}

const ejectAfterFailures = 3
const firstEjectionMs = 10_000
const longestEjectionMs = 300_000

interface Report {
  readonly attempt: Pick<Attempt, 'status'> & Partial<Pick<Attempt, 'error'>>
  readonly headers: HeaderList
  /** What was asked for: path and query. */
  readonly target: string
  /** The class of models of the call, read only where it counts; null = nobody can tell. Left out: none was asked for. */
  readonly modelClass?: () => string | null
  readonly nowMs: number
}

/**
 * Health after one more attempt. A 429 cools for exactly the advertised time; overload, server errors and lost
 * connections count towards an ejection that doubles; a 401 is about the account's own credential; any other client
 * error says nothing about the account.
 */
export function healthAfter(before: AccountHealth, report: Report): AccountHealth {
  const { nowMs, attempt, target } = report
  const { status } = attempt
  if (status !== null && status < 400) return healthAfterSuccess(before, nowMs)
  // Whatever our key is worth.
  if (isOfAdministration(target) && status === 401) return before
  const failed = { ...before, lastError: describeError(report), lastErrorAtMs: nowMs, asOfMs: nowMs }
  if (asksForRest(status)) return cooled(failed, report)
  if (status === 401) return { ...failed, refusedAtMs: before.refusedAtMs || nowMs }
  if (status !== null && status < 500) return before
  const consecutiveFailures = before.consecutiveFailures + 1
  if (consecutiveFailures < ejectAfterFailures) return { ...failed, consecutiveFailures }
  const ejectionMs = Math.min(longestEjectionMs, firstEjectionMs * 2 ** (consecutiveFailures - ejectAfterFailures))
  return { ...failed, consecutiveFailures, ejectedUntilMs: nowMs + ejectionMs }
}

/** The same object when nothing changes, which is nearly always: nothing is to be saved then. */
function healthAfterSuccess(before: AccountHealth, nowMs: number): AccountHealth {
  if (before.consecutiveFailures === 0 && before.ejectedUntilMs === 0 && before.refusedAtMs === 0) return before
  return { ...before, consecutiveFailures: 0, ejectedUntilMs: 0, refusedAtMs: 0, asOfMs: nowMs }
}

const restWords = { window: 'the window of its plan is used up', quota: 'its spending limit is reached' }

function cooled(failed: AccountHealth, { attempt, headers, target, modelClass, nowMs }: Report): AccountHealth {
  const rest = readCoolDown(headers, nowMs)
  if (rest === null) return { ...failed, lastError: `${attempt.status}: the window of a model is used up` }
  const { durationMs, cause, window = null, isOfModels } = rest
  if (attempt.status === 429 && cause !== 'window' && !isMessage(target)) return failed
  const untilMs = nowMs + durationMs
  const models = isOfModels ? modelClass?.() : null
  if (models) {
    const modelRests = withRest(failed.modelRests, { models, untilMs }, nowMs)
    return { ...failed, modelRests, lastError: `${attempt.status}: too many requests for ${models}` }
  }
  const lastError = cause === 'throttle' ? failed.lastError : `${attempt.status}: ${restWords[cause]}`
  const told = { ...failed, lastError }
  if (untilMs <= failed.coolingUntilMs) return told
  return { ...told, coolingUntilMs: untilMs, coolingCause: cause, coolingWindow: window }
}

const statusWords: Record<number, string> = {
  401: 'the credential was refused',
  402: 'payment required',
  429: 'too many requests',
  529: 'overloaded',
}

function describeError({ attempt: { status, error } }: Report): string {
  if (status === null) return error === 'timeout' ? 'no answer in time' : `no connection (${error ?? 'unknown'})`
  const words = statusWords[status]
  return words ? `${status}: ${words}` : `answered ${status}`
}
