import { env } from '@/lib/env'
import { isAppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { Attempt, ChosenAccount, HeaderList, NoAccount, Wanted } from '@/lib/proxy/ports'
import { accountHealth, healthAfter } from './account-health'
import { knownDomainAccounts, type Candidate, type DomainAccounts } from './domain-accounts'
import { pickAccount } from './pick-account'
import { openSecret } from './secrets'

/** The port: which upstream account serves this call. Goes on with the last known accounts while the database is away. */
export async function chooseAccount(wanted: Wanted): Promise<ChosenAccount | NoAccount> {
  const { caller } = wanted
  if (caller.mode === 'pass_through') return passThrough(wanted)
  const accounts = await accountsOf(caller.domainId)
  if (!accounts)
    return {
      noAccount: true,
      retryAfterSeconds: 1,
      reason: `the accounts of ${caller.domain} cannot be read right now`,
    }
  return chooseAmong(accounts, wanted)
}

function chooseAmong(accounts: DomainAccounts, wanted: Wanted): ChosenAccount | NoAccount {
  const picked = pickAccount({
    accounts,
    wanted,
    healthOf: (accountId) => accountHealth().get(accountId),
    isOauthAllowed: env().ALLOW_STORED_OAUTH,
    nowMs: Date.now(),
  })
  if ('noAccount' in picked) return picked
  const { candidate, reason } = picked
  const credential = openCredential(candidate)
  if (!credential) {
    const candidates = accounts.candidates.filter((other) => other !== candidate)
    return chooseAmong({ ...accounts, candidates }, wanted)
  }
  const { accountId, kind } = candidate
  return { accountId, baseUrl: candidate.baseUrl ?? env().CLAUDE_API_BASE_URL, credential, kind, reason }
}

function passThrough({ caller, attempts }: Wanted): ChosenAccount | NoAccount {
  if (attempts.length > 0)
    return { noAccount: true, retryAfterSeconds: null, reason: 'the caller has only its own credential' }
  return {
    accountId: null,
    baseUrl: env().CLAUDE_API_BASE_URL,
    credential: null,
    kind: 'pass_through',
    reason: `the caller's own credential, allowed in ${caller.domain}`,
  }
}

/** null = never known, and the database is away. */
async function accountsOf(domainId: string): Promise<DomainAccounts | null> {
  try {
    return (await knownDomainAccounts().get(domainId)) ?? { failover: 'off', candidates: [] }
  } catch (error) {
    if (isAppError(error) && error.code === 'unavailable') return null
    throw error
  }
}

/** Opened once for as long as a candidate is cached: a few seconds. */
const opened = new WeakMap<Candidate, ChosenAccount['credential']>()

/** null when it cannot be opened: another ENCRYPTION_KEY, or a damaged row. */
function openCredential(candidate: Candidate): ChosenAccount['credential'] {
  const known = opened.get(candidate)
  if (known !== undefined) return known
  const credential = readCredential(candidate)
  opened.set(candidate, credential)
  return credential
}

function readCredential({ accountId, kind, uuid, sealedSecret }: Candidate): ChosenAccount['credential'] {
  try {
    const secret = openSecret(Buffer.from(sealedSecret, 'base64'), { uuid, kind })
    return kind === 'api_key' ? ['x-api-key', secret] : ['authorization', `Bearer ${secret}`]
  } catch (error) {
    log().error({ error, accountId }, 'the credential of an account cannot be opened')
    return null
  }
}

/** The port: tells an account's health what became of an attempt. */
export function reportAttempt(attempt: Attempt, headers: HeaderList): void {
  if (attempt.accountId === null) return
  const store = accountHealth()
  store.set(attempt.accountId, healthAfter(store.get(attempt.accountId), { attempt, headers, nowMs: Date.now() }))
}
