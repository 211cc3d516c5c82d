import { hash } from 'node:crypto'
import { allowsModels } from '@/lib/claude/requested-models'
import type { Attempt, NoAccount, Skipped, Wanted } from '@/lib/proxy/ports'
import type { AccountHealth } from './account-health'
import type { CoolingCause } from './cool-down'
import type { Candidate, DomainAccounts } from './domain-accounts'
import { isMessage } from './endpoint'
import { listRunning, restOfClass } from './model-rests'
import { restAnswer, spentAnswer, type Rest } from './rest-answer'

interface Choice {
  readonly accounts: DomainAccounts
  readonly wanted: Pick<Wanted, 'caller' | 'path' | 'headers' | 'attempts'>
  readonly healthOf: (accountId: string) => AccountHealth
  /** Where the session of the call went last; null = it is new. */
  readonly sessionAccountId: string | null
  /** What the body asks for, null = unreadable; read only where an account has a list of models. */
  readonly models: () => readonly string[] | null
  /** The class of models that the body asks for, null = unreadable; read only where an account rests for one. */
  readonly modelClass: () => string | null
  readonly isOauthAllowed: boolean
  readonly nowMs: number
}

interface Picked {
  readonly candidate: Candidate
  readonly reason: string
  readonly skipped: readonly Skipped[]
}

/** Why a candidate cannot be asked now. */
interface Obstacle {
  readonly kind: 'setting' | 'model' | 'cooling' | 'tried' | 'elsewhere'
  readonly why: string
}

/**
 * Which account serves a call: the account of its session, else the links' order, inside one position by weight. Failing
 * accounts go last rather than out; cooling ones are not asked. A call that failed, and a session whose account is
 * cooling, may go on only as `mayContinueOn` says.
 */
export function pickAccount(choice: Choice): Picked | NoAccount {
  const judged = choice.accounts.candidates.map((candidate) => ({
    candidate,
    obstacle: obstacleOf(choice, candidate),
  }))
  const [best] = judged
    .filter(({ obstacle }) => obstacle === null)
    .map(({ candidate }) => candidate)
    .sort(byRank(choice))
  if (!best) return noAccount(choice, judged)
  return { candidate: best, reason: reasonOf(choice, best), skipped: listSkipped(choice, judged, best) }
}

interface Judged {
  readonly candidate: Candidate
  readonly obstacle: Obstacle | null
}

function obstacleOf(choice: Choice, candidate: Candidate): Obstacle | null {
  return lastingObstacle(choice, candidate) ?? passingObstacle(choice, candidate) ?? mayContinueOn(choice, candidate)
}

/** What a person has set. */
function lastingObstacle(choice: Choice, { isPaused, kind, allowedModels }: Candidate): Obstacle | null {
  if (isPaused) return { kind: 'setting', why: 'paused' }
  if (kind === 'oauth' && !choice.isOauthAllowed) return { kind: 'setting', why: 'stored logins are not allowed' }
  if (allowedModels.length === 0 || allowsModels(allowedModels, choice.models())) return null
  return { kind: 'model', why: 'may not serve this model' }
}

/** What is so at this moment. A call that failed goes on to sound accounts alone, or a storm would be asked of each. */
function passingObstacle(choice: Choice, candidate: Candidate): Obstacle | null {
  const { wanted, nowMs } = choice
  const { accountId } = candidate
  const attempt = wanted.attempts.find((each) => each.accountId === accountId)
  if (attempt) return { kind: 'tried', why: describeAttempt(attempt) }
  const trouble = wanted.attempts.some(isFault) ? troubleOf(choice, candidate) : null
  if (trouble) return { kind: 'elsewhere', why: trouble }
  const rest = restOf(choice, candidate)
  return rest && { kind: 'cooling', why: describeRest(rest, nowMs) }
}

/** Until when the upstream wants to be left alone with such calls; null = it may be asked. */
function restOf({ wanted, healthOf, modelClass, nowMs }: Choice, { accountId }: Candidate): Rest | null {
  const { coolingUntilMs, coolingCause, coolingWindow, modelRests } = healthOf(accountId)
  // Too many messages, or too dear ones: what has a rate of its own goes on. The window of a plan is one for all.
  if (coolingCause !== 'window' && !isMessage(wanted.path)) return null
  const models = listRunning(modelRests, nowMs).length > 0 ? modelClass() : null
  const modelsUntilMs = restOfClass(modelRests, models)
  if (Math.max(coolingUntilMs, modelsUntilMs) <= nowMs) return null
  if (modelsUntilMs > coolingUntilMs) return { untilMs: modelsUntilMs, cause: 'throttle', window: null, models }
  return { untilMs: coolingUntilMs, cause: coolingCause ?? 'throttle', window: coolingWindow, models: null }
}

const isFault = ({ status }: Attempt) => status === null || status >= 500

/** Hands a call on only where the domain's rule and the organisation allow it. */
function mayContinueOn(choice: Choice, candidate: Candidate): Obstacle | null {
  const left = leftAccounts(choice)
  if (left.length === 0 || left.includes(candidate)) return null
  const { failover } = choice.accounts
  if (failover === 'off') return { kind: 'elsewhere', why: 'the domain does not fail over' }
  // A stored login belongs to one person: it neither takes over other accounts' calls nor hands its own on.
  if ([candidate, ...left].some(({ kind }) => kind === 'oauth'))
    return { kind: 'elsewhere', why: 'a stored login shares no calls' }
  const isSame = left.every(({ organization }) => organization === candidate.organization)
  return failover === 'any' || isSame ? null : { kind: 'elsewhere', why: 'belongs to another organisation' }
}

/** The accounts that this call leaves behind: those it has tried, and the one that its session is bound to. */
function leftAccounts(choice: Choice): Candidate[] {
  const { accounts, wanted, sessionAccountId } = choice
  const tried = wanted.attempts.map(({ accountId }) => accountId)
  return accounts.candidates.filter((candidate) => {
    const isBound = candidate.accountId === sessionAccountId && !lastingObstacle(choice, candidate)
    return isBound || tried.includes(candidate.accountId)
  })
}

type Order = (left: Candidate, right: Candidate) => number

/** Sound before failing, then as preferred; of failing ones that which has been left alone for longest: it may be well. */
function byRank(choice: Choice): Order {
  const prefer = byPreference(choice)
  const standing = (candidate: Candidate) => {
    if (!troubleOf(choice, candidate)) return 0
    const { refusedAtMs, ejectedUntilMs } = choice.healthOf(candidate.accountId)
    return refusedAtMs > 0 ? Number.MAX_SAFE_INTEGER : ejectedUntilMs
  }
  return (left, right) => standing(left) - standing(right) || prefer(left, right)
}

/** The order if nothing were wrong with any: the session's own, then by position, then by share. */
function byPreference({ wanted, sessionAccountId }: Choice): Order {
  const sticky = stickyKey(wanted)
  const away = ({ accountId }: Candidate) => (accountId === sessionAccountId ? 0 : 1)
  return (left, right) =>
    away(left) - away(right) || left.position - right.position || shareOf(left, sticky) - shareOf(right, sticky)
}

/** What puts an account behind the others, in words; it is still asked when nothing better is left. */
function troubleOf({ healthOf, nowMs }: Choice, { accountId }: Candidate): string | null {
  const { ejectedUntilMs, refusedAtMs, lastError } = healthOf(accountId)
  if (refusedAtMs > 0) return 'its credential is refused'
  return ejectedUntilMs > nowMs ? `failing (${lastError ?? 'no answer'})` : null
}

/** Prompt caches, thinking blocks and threads live in one account: a session stays where it began. */
function stickyKey({ headers, caller }: Choice['wanted']): string {
  return readSession(headers) ?? caller.clientKeyId ?? ''
}

/** The session that the client names; null = it names none. */
export function readSession(headers: Wanted['headers']): string | null {
  return headers.find(([name]) => name.toLowerCase() === 'x-claude-code-session-id')?.[1] ?? null
}

/**
 * Weighted rendezvous hashing: the smallest share wins. Every process comes to the same choice without
 * shared state, and a new account moves only the sessions that it takes.
 */
function shareOf({ accountId, weight }: Candidate, sticky: string): number {
  const digest = hash('sha256', `${accountId}|${sticky}`, 'buffer')
  const uniform = (digest.readUIntBE(0, 6) + 1) / (2 ** 48 + 1)
  return -Math.log(uniform) / Math.max(weight, 1e-9)
}

const ordinals = ['first', 'second', 'third']

function reasonOf({ accounts, wanted, sessionAccountId }: Choice, picked: Candidate): string {
  const { candidates } = accounts
  const place = candidates.indexOf(picked)
  const which =
    candidates.length === 1
      ? 'the only account'
      : `${ordinals[place] ?? `number ${place + 1}`} of ${candidates.length} accounts`
  const why = [`${which} of ${wanted.caller.domain}`]
  const last = wanted.attempts.at(-1)
  if (last) why.push(`after ${last.accountId ?? 'the first try'} ${describeAttempt(last)}`)
  else if (picked.accountId === sessionAccountId) why.push('where its session is')
  return why.join(', ')
}

function describeAttempt({ status, error }: Attempt): string {
  return error ?? (status === null ? 'did not answer' : `answered ${status}`)
}

const coolingWords: Record<CoolingCause, string> = {
  throttle: 'cooling',
  window: 'its window is used up',
  quota: 'its spending limit is reached',
}

function describeRest({ cause, models, untilMs }: Rest, nowMs: number): string {
  const words = models ? `cooling for ${models}` : coolingWords[cause]
  return `${words}, ${Math.ceil((untilMs - nowMs) / 1000)} s left`
}

/** A domain may have hundreds of accounts: the record needs no more than these. */
const mostListed = 20

/** Accounts that would have gone before the picked one, and why they did not. */
function listSkipped(choice: Choice, judged: readonly Judged[], picked: Candidate | null): Skipped[] {
  const prefer = byPreference(choice)
  const skipped = judged.flatMap(({ candidate, obstacle }) => {
    if (picked && prefer(candidate, picked) >= 0) return []
    const why = obstacle?.why ?? troubleOf(choice, candidate)
    return why ? [{ accountId: candidate.accountId, why }] : []
  })
  return skipped.slice(0, mostListed)
}

function noAccount(choice: Choice, judged: readonly Judged[]): NoAccount {
  const { domain } = choice.wanted.caller
  const skipped = listSkipped(choice, judged, null)
  const none = { noAccount: true, retryAfterSeconds: null, skipped } as const
  const enabled = judged.filter(({ obstacle }) => obstacle?.kind !== 'setting')
  if (enabled.length === 0) return { ...none, reason: `${domain} has no usable account` }
  const able = enabled.filter(({ obstacle }) => obstacle?.kind !== 'model')
  if (able.length === 0) return { ...none, obstacle: 'model', reason: `no account of ${domain} may serve this model` }
  const other = choice.wanted.attempts.length > 0 ? 'other ' : ''
  const reason = `no ${other}account of ${domain} may serve this call now`
  return { ...none, ...untilBack(choice, able), reason }
}

/** When the first one is back, and what the client hears of it. */
function untilBack(choice: Choice, able: readonly Judged[]): Partial<NoAccount> {
  const { nowMs, wanted } = choice
  const rests = able.flatMap(({ candidate, obstacle }) => {
    const rest = obstacle?.kind === 'cooling' ? restOf(choice, candidate) : null
    return rest ? [rest] : []
  })
  const [first] = rests.toSorted((one, other) => one.untilMs - other.untilMs)
  if (!first) return { retryAfterSeconds: 0 }
  const isSpent = rests.every(({ cause }) => cause === 'quota')
  const overLimit = isSpent ? spentAnswer(wanted.caller.domain, first, nowMs) : restAnswer(first, nowMs)
  return { retryAfterSeconds: overLimit.retryAfterSeconds, overLimit }
}
