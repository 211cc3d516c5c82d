import { setTimeout as delay } from 'node:timers/promises'
import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import type { Attempt, Caller, ChosenAccount, NoAccount, OverLimit, Wanted } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { isFree, LimitGuard, type CountedRow } from './limit-guard'
import { LedgerSpend } from './limit-spend'
import { syncCounts, loadLimits, withdrawCounts } from './limit-sync'

/** The guard of this process. */
const guard = () => shared('usage.limit-guard', () => new LimitGuard(Date.now))

/** The port of the proxy: limits of client key, domain and everybody; counts the call in. No database in between. */
export function checkLimits(caller: Caller, target: string): OverLimit | { release(): void } {
  return guard().checkCaller(caller, target)
}

/** Tokens of recorded requests count against the limits; connect it to the recorder. */
export function noteRecorded(rows: readonly CountedRow[]): void {
  guard().noteRecorded(rows)
}

type ChooseAccount = (wanted: Wanted) => Promise<ChosenAccount | NoAccount>

/**
 * Passes over accounts that have reached a limit of ours, as if they had just answered 429. Counts the chosen one
 * in; `noteExchangeEnded` counts it out.
 */
export function withAccountLimits(choose: ChooseAccount): ChooseAccount {
  return async (wanted) => {
    if (isFree(wanted.path)) return choose(wanted)
    let attempts = wanted.attempts
    const reached: OverLimit[] = []
    for (;;) {
      const chosen = await choose({ ...wanted, attempts })
      if ('noAccount' in chosen) return withLimits(chosen, reached)
      const over = chosen.accountId === null ? null : guard().checkAccount(chosen.accountId)
      if (!over || 'release' in over) return chosen
      reached.push(over)
      if (attempts.some(({ accountId }) => accountId === chosen.accountId)) {
        const reason = 'every account has reached a limit'
        return withLimits({ noAccount: true, retryAfterSeconds: null, reason }, reached)
      }
      attempts = [...attempts, passedOver(chosen)]
    }
  }
}

/** The client hears of what is over first: a limit of ours, or the pause of an account that the upstream wants. */
function withLimits(none: NoAccount, reached: readonly OverLimit[]): NoAccount {
  const [first] = reached.toSorted((one, other) => one.retryAfterSeconds - other.retryAfterSeconds)
  const isSooner = none.retryAfterSeconds && first && none.retryAfterSeconds < first.retryAfterSeconds
  return first && !isSooner ? { ...none, retryAfterSeconds: first.retryAfterSeconds, overLimit: first } : none
}

function passedOver({ accountId }: ChosenAccount): Attempt {
  return {
    accountId,
    startedAtMs: 0,
    durationMs: 0,
    status: 429,
    error: 'has reached a limit of ours',
    reason: 'passed over',
  }
}

/** Every account that the exchange asked is free for one more. */
export function noteExchangeEnded(
  { target }: { target: string },
  { attempts }: { attempts: readonly Attempt[] },
): void {
  if (isFree(target)) return
  // Asked twice, the second time with the credential before, it is still one call.
  const asked = new Set(attempts.map(({ accountId }) => accountId))
  for (const accountId of asked) if (accountId !== null) guard().countOutAccount(accountId)
}

/** Call after a change of the limits: it then counts at once here, and within two seconds elsewhere. */
export async function reloadLimits(): Promise<void> {
  guard().setLimits(await loadLimits(hotPool()))
}

const syncEveryMs = 400
const reloadEveryMs = 2_000

/**
 * Keeps the limits of this process equal to those of all others until the signal. While the database is away the
 * last known limits and counts go on.
 */
export async function keepLimits(signal: AbortSignal): Promise<void> {
  const spend = new LedgerSpend(hotPool)
  const processId = newId()
  let reloadedAtMs = -Infinity
  let isTroubled = false
  while (!signal.aborted) {
    try {
      if (performance.now() - reloadedAtMs >= reloadEveryMs) {
        await reloadLimits()
        reloadedAtMs = performance.now()
      }
      await keepEqual(processId, spend)
      isTroubled = false
    } catch (error) {
      if (!isTroubled) log().warn({ error }, 'limits cannot be kept equal among processes now; what is known goes on')
      isTroubled = true
    }
    await delay(syncEveryMs, undefined, { signal }).catch(() => undefined)
  }
  await withdrawCounts(hotPool(), processId).catch(() => undefined)
}

async function keepEqual(processId: string, spend: LedgerSpend): Promise<void> {
  const limits = guard().listLimits()
  if (limits.length === 0) return
  await syncCounts(hotPool(), guard(), processId)
  guard().spent = await spend.read(limits, Date.now() + guard().clockOffsetMs)
}
