import { LRUCache } from 'lru-cache'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'
import type { Candidate } from './domain-accounts'
import { refreshLogin } from './refresh-login'
import { isLoginEnded } from './request-login'
import { expiryOf, openLogin, openSecret, type Login } from './secrets'
import { loadLogin } from './stored-login'

/** The header that carries an account's credential, or why there is none. */
type CredentialHeader =
  { readonly header: readonly [name: 'x-api-key' | 'authorization', value: string] } | { readonly problem: string }

type Opened = { readonly apiKey: string } | { readonly login: Login } | { readonly problem: string }

/** A login is refreshed beside the calls when it ends soon, and before the call when it has nearly ended. */
const refreshAheadMs = 300_000
const nearlyEndedMs = 30_000
/** After a refresh that failed for a reason that may pass, and after one that was refused. */
const tryAgainMs = 10_000
const endedMs = 3_600_000

/** What is needed of an account to open its credential. */
export type Sealed = Pick<Candidate, 'uuid' | 'accountId' | 'kind' | 'sealedSecret'>

export async function credentialHeader(candidate: Sealed): Promise<CredentialHeader> {
  const opened = openOnce(candidate)
  if ('problem' in opened) return opened
  return 'apiKey' in opened ? { header: ['x-api-key', opened.apiKey] } : loginHeader(candidate, opened.login)
}

/** Opened once for as long as a candidate is cached: a few seconds. */
const openedBefore = new WeakMap<Sealed, Opened>()

function openOnce(candidate: Sealed): Opened {
  const known = openedBefore.get(candidate)
  if (known) return known
  const opened = openCredential(candidate)
  openedBefore.set(candidate, opened)
  return opened
}

function openCredential({ accountId, kind, uuid, sealedSecret }: Sealed): Opened {
  try {
    const sealed = Buffer.from(sealedSecret, 'base64')
    return kind === 'api_key' ? { apiKey: openSecret(sealed, { uuid, kind }) } : { login: openLogin(sealed, uuid) }
  } catch (error) {
    log().error({ error, accountId }, 'the credential of an account cannot be opened')
    return { problem: 'its credential cannot be opened' }
  }
}

async function loginHeader(candidate: Sealed, login: Login): Promise<CredentialHeader> {
  const bearer = (token: string) => ({ header: ['authorization', `Bearer ${token}`] as const })
  const leftMs = (expiryOf(login)?.getTime() ?? Infinity) - Date.now()
  if (leftMs > refreshAheadMs) return bearer(login.accessToken)
  if (!login.refreshToken) return leftMs > 0 ? bearer(login.accessToken) : { problem: 'its login has expired' }
  if (leftMs > nearlyEndedMs) {
    void refreshed(candidate, login.accessToken)
    return bearer(login.accessToken)
  }
  const next = await refreshed(candidate, login.accessToken)
  if (next) return bearer(next.accessToken)
  return leftMs > 0 ? bearer(login.accessToken) : { problem: 'its login has expired and could not be refreshed' }
}

/** How long a new token has to last: one that is refused sooner is not made new again. */
const renewAgainMs = 60_000
const renewals = () => shared('accounts.renewals', () => new LRUCache<string, Promise<unknown>>({ max: 1_000 }))

/**
 * The next token of a stored login whose present one the upstream refuses before its time: it was withdrawn, or
 * nobody knows when it ends. Calls that meet wait for one renewal. null = there is none to be had.
 */
export async function renewHeader(
  candidate: Sealed,
  refused: string,
): Promise<readonly [name: 'authorization', value: string] | null> {
  const { uuid } = candidate
  const opened = openOnce(candidate)
  if (!('login' in opened) || !opened.login.refreshToken) return null
  const accessToken = refused.replace(/^Bearer /, '')
  const renewal = renewals().get(uuid) ?? refreshed(candidate, accessToken)
  if (!renewals().has(uuid)) renewals().set(uuid, renewal, { ttl: renewAgainMs })
  await renewal
  // As it is stored: meanwhile a person may have entered another login.
  const stored = await loadLogin(uuid).catch(() => null)
  const next = stored?.login.accessToken
  return next === undefined || next === accessToken ? null : ['authorization', `Bearer ${next}`]
}

/** Credentials whose refresh failed a moment ago; another credential of the same account is not among them. */
const failedLately = () => shared('accounts.failed-refreshes', () => new LRUCache<string, true>({ max: 1_000 }))

/** null when that did not work; it is tried again after a while. */
async function refreshed(candidate: Sealed, accessToken: string): Promise<Login | null> {
  const { uuid, accountId, sealedSecret } = candidate
  if (failedLately().has(sealedSecret)) return null
  try {
    return await refreshLogin({ uuid, accountId, accessToken })
  } catch (error) {
    const isEnded = isLoginEnded(error)
    failedLately().set(sealedSecret, true, { ttl: isEnded ? endedMs : tryAgainMs })
    log().warn({ error, accountId }, isEnded ? 'the login of an account has ended' : 'a login cannot be refreshed now')
    return null
  }
}
