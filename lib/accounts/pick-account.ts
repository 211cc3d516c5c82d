import { createHash } from 'node:crypto'
import type { Attempt, NoAccount, Wanted } from '@/lib/proxy/ports'
import type { AccountHealth } from './account-health'
import type { Candidate, DomainAccounts } from './domain-accounts'

export interface Choice {
  readonly accounts: DomainAccounts
  readonly wanted: Pick<Wanted, 'caller' | 'headers' | 'attempts'>
  readonly healthOf: (accountId: string) => AccountHealth
  readonly isOauthAllowed: boolean
  readonly nowMs: number
}

export interface Picked {
  readonly candidate: Candidate
  readonly reason: string
}

/**
 * Which account serves a call: the links' order; inside one position by weight, the same account for the same
 * session. Cooling and failing accounts go last rather than out: when nothing better is left, the upstream's
 * own answer tells the client more than ours. A call that failed may go on only as `mayContinueOn` says.
 */
export function pickAccount(choice: Choice): Picked | NoAccount {
  const { accounts, wanted, isOauthAllowed } = choice
  const usable = accounts.candidates.filter(({ isPaused, kind }) => !isPaused && (kind === 'api_key' || isOauthAllowed))
  if (usable.length === 0) return noAccount(choice, usable)
  const allowed = usable.filter((candidate) => mayContinueOn(candidate, accounts, wanted.attempts))
  const isRetry = wanted.attempts.length > 0
  const ready = isRetry ? allowed.filter(({ accountId }) => !isCooling(choice, accountId)) : allowed
  const best = [...ready].sort(byRank(choice))[0]
  return best ? { candidate: best, reason: reasonOf(choice, usable, best) } : noAccount(choice, usable)
}

/** After a failure: never the same account again, and only where the domain's rule and the organisation allow it. */
function mayContinueOn(candidate: Candidate, accounts: DomainAccounts, attempts: readonly Attempt[]): boolean {
  if (attempts.length === 0) return true
  if (accounts.failover === 'off' || attempts.some(({ accountId }) => accountId === candidate.accountId)) return false
  const tried = accounts.candidates.filter(({ accountId }) =>
    attempts.some((attempt) => attempt.accountId === accountId),
  )
  // A stored login belongs to one person: it neither takes over other accounts' calls nor hands its own on.
  if ([candidate, ...tried].some(({ kind }) => kind === 'oauth')) return false
  return accounts.failover === 'any' || tried.every(({ organization }) => organization === candidate.organization)
}

/** Ready before failing before cooling (the one that is back first), then by position, then by share. */
function byRank({ healthOf, wanted, nowMs }: Choice) {
  const sticky = stickyKey(wanted)
  const standing = ({ accountId }: Candidate) => {
    const { coolingUntilMs, ejectedUntilMs } = healthOf(accountId)
    if (coolingUntilMs > nowMs) return coolingUntilMs
    return ejectedUntilMs > nowMs ? 1 : 0
  }
  return (left: Candidate, right: Candidate): number =>
    standing(left) - standing(right) || left.position - right.position || shareOf(left, sticky) - shareOf(right, sticky)
}

/** Prompt caches, thinking blocks and threads live in one account: a session stays where it began. */
function stickyKey({ headers, caller }: Choice['wanted']): string {
  const session = headers.find(([name]) => name.toLowerCase() === 'x-claude-code-session-id')?.[1]
  return session ?? caller.clientKeyId ?? ''
}

/**
 * Weighted rendezvous hashing: the smallest share wins. Every process comes to the same choice without
 * shared state, and a new account moves only the sessions that it takes.
 */
function shareOf({ accountId, weight }: Candidate, sticky: string): number {
  const hash = createHash('sha256').update(`${accountId}|${sticky}`).digest()
  const uniform = (hash.readUIntBE(0, 6) + 1) / (2 ** 48 + 1)
  return -Math.log(uniform) / Math.max(weight, 1e-9)
}

function isCooling({ healthOf, nowMs }: Choice, accountId: string): boolean {
  return healthOf(accountId).coolingUntilMs > nowMs
}

const ordinals = ['first', 'second', 'third']

function reasonOf(choice: Choice, usable: readonly Candidate[], picked: Candidate): string {
  const { wanted, nowMs, healthOf } = choice
  const place = usable.indexOf(picked)
  const which =
    usable.length === 1
      ? 'the only account'
      : `${ordinals[place] ?? `number ${place + 1}`} of ${usable.length} accounts`
  const last = wanted.attempts.at(-1)
  const why = [`${which} of ${wanted.caller.domain}`]
  if (last) why.push(`after ${last.accountId ?? 'the first try'} answered ${last.status ?? 'nothing'}`)
  const { coolingUntilMs } = healthOf(picked.accountId)
  if (coolingUntilMs > nowMs)
    why.push(`cooling for ${Math.ceil((coolingUntilMs - nowMs) / 1000)} s more, as are all others`)
  return why.join(', ')
}

function noAccount({ wanted, healthOf, nowMs }: Choice, usable: readonly Candidate[]): NoAccount {
  const { domain } = wanted.caller
  if (usable.length === 0)
    return { noAccount: true, retryAfterSeconds: null, reason: `${domain} has no usable account` }
  const backAtMs = usable.map(({ accountId }) => healthOf(accountId).coolingUntilMs).filter((atMs) => atMs > nowMs)
  const waitMs = backAtMs.length > 0 ? Math.min(...backAtMs) - nowMs : 0
  return {
    noAccount: true,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
    reason: `${domain} has no other account for this call`,
  }
}
