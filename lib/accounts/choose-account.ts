import { readModelClass } from '@/lib/claude/model-class'
import { readRequestedModels, sentBody } from '@/lib/claude/requested-models'
import { env } from '@/lib/env'
import { isAppError } from '@/lib/errors'
import type { Asked, Attempt, ChosenAccount, HeaderList, NoAccount, Skipped, Wanted } from '@/lib/proxy/ports'
import { accountHealth, healthAfter } from './account-health'
import { credentialHeader, renewHeader } from './credential-header'
import { knownDomainAccounts, type DomainAccounts } from './domain-accounts'
import { isOfAdministration } from './endpoint'
import { fingerprintOf } from './fingerprint'
import { previousHeader } from './overlap'
import { pickAccount, readSession } from './pick-account'
import { sessionAccounts, sessionKey } from './session-accounts'

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

/** Picks until a credential can be used; those that cannot are left out and named in the decision. */
async function chooseAmong(accounts: DomainAccounts, wanted: Wanted): Promise<ChosenAccount | NoAccount> {
  const session = readSession(wanted.headers)
  const key = session && sessionKey(wanted.caller.domainId, session)
  const models = onceOnly(() => readRequestedModels(sentBody(wanted.headers, wanted.body)))
  const modelClass = onceOnly(() => readModelClass(sentBody(wanted.headers, wanted.body)))
  const unusable: Skipped[] = []
  let { candidates } = accounts
  for (;;) {
    const nowMs = Date.now()
    const picked = pickAccount({
      accounts: { ...accounts, candidates },
      wanted,
      healthOf: (accountId) => accountHealth().get(accountId),
      sessionAccountId: key && sessionAccounts().get(key, nowMs),
      models,
      modelClass,
      isOauthAllowed: env().ALLOW_STORED_OAUTH,
      nowMs,
    })
    const all = [...unusable, ...(picked.skipped ?? [])]
    const skipped = all.length > 0 ? all : undefined
    if ('noAccount' in picked) return { ...picked, skipped }
    const { candidate, reason } = picked
    const credential = await credentialHeader(candidate)
    if ('problem' in credential) {
      unusable.push({ accountId: candidate.accountId, why: credential.problem })
      candidates = candidates.filter((other) => other !== candidate)
      continue
    }
    const { accountId, kind } = candidate
    if (key) sessionAccounts().note(key, accountId, nowMs)
    const baseUrl = candidate.baseUrl ?? env().CLAUDE_API_BASE_URL
    const previousCredential = await previousHeader(candidate, nowMs)
    const mayRenew = kind === 'oauth' && !isOfAdministration(wanted.path)
    const renewCredential = mayRenew ? () => renewHeader(candidate, credential.header[1]) : undefined
    const credentials = { credential: credential.header, previousCredential, renewCredential }
    return { accountId, baseUrl, kind, reason, skipped, ...credentials }
  }
}

function onceOnly<T>(read: () => T): () => T {
  let known: { readonly value: T } | null = null
  return () => (known ??= { value: read() }).value
}

function passThrough({ caller, attempts, headers }: Wanted): ChosenAccount | NoAccount {
  if (attempts.length > 0)
    return { noAccount: true, retryAfterSeconds: null, reason: 'the caller has only its own credential' }
  const fingerprint = fingerprintOf(headers)
  return {
    accountId: null,
    baseUrl: env().CLAUDE_API_BASE_URL,
    credential: null,
    kind: 'pass_through',
    reason: `the caller's own credential${fingerprint ? ` (fingerprint ${fingerprint})` : ''}, allowed in ${caller.domain}`,
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

/** The port: tells an account's health what became of an attempt to serve a call. */
export function reportAttempt(attempt: Attempt, answerHeaders: HeaderList, { path, headers, body }: Asked): void {
  if (attempt.accountId === null) return
  const store = accountHealth()
  const modelClass = () => readModelClass(sentBody(headers, body))
  const report = { attempt, headers: answerHeaders, target: path, modelClass, nowMs: Date.now() }
  store.set(attempt.accountId, healthAfter(store.get(attempt.accountId), report))
}
