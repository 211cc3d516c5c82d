import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'
import { accountHealth } from './account-health'
import { expireKnownAccounts } from './domain-accounts'
import { releaseLease, takeLease } from './lease'
import { isLoginEnded, LoginEndedError, requestLogin } from './request-login'
import type { Login } from './secrets'
import { loadLogin, saveLogin, type StoredLogin } from './stored-login'

/** An account whose login is to be refreshed. */
interface LoginAccount {
  readonly uuid: string
  readonly accountId: string
  /** The access token that is to be replaced: if another one is stored already, somebody else was faster. */
  readonly accessToken: string
}

/** Longer than a call to the upstream and the attempts to write its answer take. */
const leaseMs = 40_000
const longestWaitMs = 30_000
const lookEveryMs = 100

/**
 * The next login of an account. Among all processes one asks the upstream, the others wait for what it stores: a
 * refresh token works once. The new login is stored before anybody uses it. Throws LoginEndedError when it has ended.
 */
export function refreshLogin(account: LoginAccount): Promise<Login> {
  const running = shared('accounts.refreshing', () => new Map<string, Promise<Login>>())
  const known = running.get(account.uuid)
  if (known) return known
  const refreshed = refreshAmongProcesses(account).finally(() => running.delete(account.uuid))
  running.set(account.uuid, refreshed)
  return refreshed
}

async function refreshAmongProcesses(account: LoginAccount): Promise<Login> {
  const lease = `refresh-login:${account.uuid}`
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    const stored = await requireLogin(account.uuid)
    if (stored.login.accessToken !== account.accessToken) return stored.login
    if (await takeLease(lease, leaseMs)) return refreshWithLease(account, lease)
    if (performance.now() > deadline) throw new Error('another process has been refreshing the login for too long')
    await delay(lookEveryMs)
  }
}

async function refreshWithLease(account: LoginAccount, lease: string): Promise<Login> {
  try {
    // Between our look and our lease another process may have finished.
    const stored = await requireLogin(account.uuid)
    if (stored.login.accessToken !== account.accessToken) return stored.login
    return await replaceLogin(account, stored)
  } finally {
    await releaseLease(lease).catch((error: unknown) => log().debug({ error }, 'a lease ends by itself'))
  }
}

async function replaceLogin({ uuid, accountId }: LoginAccount, stored: StoredLogin): Promise<Login> {
  try {
    const login = await requestLogin(stored.login)
    const isStored = await saveSurely(uuid, stored, login)
    expireKnownAccounts()
    noteAlive(accountId)
    log().info({ accountId }, 'the login of an account was refreshed')
    return isStored ? login : (await requireLogin(uuid)).login
  } catch (error) {
    if (isLoginEnded(error)) noteEnded(accountId)
    throw error
  }
}

/** The old refresh token is spent: losing the new one would end the login. */
async function saveSurely(uuid: string, stored: StoredLogin, login: Login): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await saveLogin(uuid, stored, login)
    } catch (error) {
      if (attempt === 8) throw error
      await delay(attempt * 500)
    }
  }
}

async function requireLogin(uuid: string): Promise<StoredLogin> {
  const stored = await loadLogin(uuid)
  if (!stored) throw new LoginEndedError('the account is gone')
  return stored
}

/** A refreshed login is no refused one. */
function noteAlive(accountId: string): void {
  const health = accountHealth().get(accountId)
  if (health.refusedAtMs > 0) accountHealth().set(accountId, { ...health, refusedAtMs: 0, asOfMs: Date.now() })
}

/** Every process hears of it: only a person can help now. */
function noteEnded(accountId: string): void {
  const nowMs = Date.now()
  const health = accountHealth().get(accountId)
  const lastError = 'the login has ended: it cannot be refreshed any more'
  accountHealth().set(accountId, { ...health, refusedAtMs: nowMs, lastError, lastErrorAtMs: nowMs, asOfMs: nowMs })
}
