import { prisma, type Transaction } from '@/lib/prisma'
import { env } from '@/lib/env'
import { AppError, invalidField } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'
import type { Account } from '@/prisma/client/client'
import { newAccountId } from './account-id'
import type { AccountChange, AccountLink, NewAccount } from './account-schemas'
import { clearAccountHealth } from './account-state'
import { requireAccount, type ListedAccount } from './accounts'
import { askModels } from './ask-models'
import { expireKnownAccounts } from './domain-accounts'
import { lockLinks } from './links-lock'
import { noPrevious, previousColumns } from './overlap'
import { headerOf, last4Of, loginColumns, sealSecret, type AccountSecret } from './secrets'
import { checkBaseUrl } from './upstream-guard'

export async function createAccount(given: NewAccount, by: Doer): Promise<ListedAccount> {
  const { name, kind, baseUrl, organization, allowedModels, domains } = given
  if (kind === 'oauth') requireStoredOauth()
  if (baseUrl) await checkBaseUrl(baseUrl)
  const secret: AccountSecret = kind === 'api_key' ? { kind, apiKey: given.apiKey } : { kind, oauth: given.oauth }
  const id = newId()
  const accountId = newAccountId()
  await prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const sealedSecret = Buffer.from(sealSecret(secret, id))
    const data = {
      id,
      accountId,
      name,
      kind,
      sealedSecret,
      last4: last4Of(secret),
      ...loginColumns(secret),
      baseUrl: baseUrl || null,
      organization,
      allowedModels,
    }
    const account = await transaction.account.create({ data })
    await saveLinks(transaction, account, domains)
    const detail = { name, kind, baseUrl: baseUrl || null, organization, domains: domains.length }
    await recordAudit(transaction, {
      ...by,
      action: 'account.create',
      targetType: 'account',
      targetId: accountId,
      detail,
    })
  })
  expireKnownAccounts()
  return requireAccount(accountId)
}

export async function updateAccount(accountId: string, change: AccountChange, by: Doer): Promise<ListedAccount> {
  const checked = await requireStored(prisma(), accountId)
  const secret = secretOf(checked, change)
  await checkChange(checked, change, secret)
  if (secret) await checkAccepted(secret, change.baseUrl === undefined ? checked.baseUrl : change.baseUrl || null)
  await prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const before = await requireStored(transaction, accountId)
    requireAsChecked(checked, before)
    const { name, organization, isPaused, allowedModels, baseUrl } = change
    const isElsewhere = leadsElsewhere(before, change)
    const sealed = secret && {
      sealedSecret: Buffer.from(sealSecret(secret, before.id)),
      last4: last4Of(secret),
      rotatedAt: new Date(),
      ...loginColumns(secret),
    }
    const previous = previousColumns(before, { secret, minutes: change.keepPreviousMinutes, isElsewhere })
    const data = { name, organization, isPaused, allowedModels, baseUrl: baseUrl === '' ? null : baseUrl }
    await transaction.account.update({ where: { id: before.id }, data: { ...data, ...sealed, ...previous } })
    if (change.domains) await saveLinks(transaction, before, change.domains)
    const detail = auditDetail(before, change)
    await recordAudit(transaction, {
      ...by,
      action: 'account.update',
      targetType: 'account',
      targetId: accountId,
      detail,
    })
  })
  if (secret) await clearAccountHealth(accountId)
  expireKnownAccounts()
  return requireAccount(accountId)
}

/** The row stays for the record's sake; the secret goes, and no domain may spend the account any more. */
export async function deleteAccount(accountId: string, by: Doer): Promise<void> {
  await prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const { id, name, source } = await requireStored(transaction, accountId)
    if (source === 'file')
      throw new AppError(
        'conflict',
        'A credential file names this account: remove the file first, or it would come back.',
      )
    const { count } = await transaction.accountDomain.deleteMany({ where: { accountUuid: id } })
    await transaction.account.update({
      where: { id },
      data: { ...noPrevious, deletedAt: new Date(), sealedSecret: new Uint8Array() },
    })
    const detail = { name, domains: count }
    await recordAudit(transaction, {
      ...by,
      action: 'account.delete',
      targetType: 'account',
      targetId: accountId,
      detail,
    })
  })
  expireKnownAccounts()
}

/** Ends cooling and ejection here at once, in other processes within seconds. */
export async function clearHealthOf(accountId: string, by: Doer): Promise<ListedAccount> {
  const { name } = await requireStored(prisma(), accountId)
  const target = { action: 'account.clear-health', targetType: 'account', targetId: accountId }
  await recordAudit(prisma(), { ...by, ...target, detail: { name } })
  await clearAccountHealth(accountId)
  return requireAccount(accountId)
}

async function requireStored(database: Pick<Transaction, 'account'>, accountId: string): Promise<Account> {
  const account = await database.account.findUnique({ where: { accountId } })
  if (!account || account.deletedAt) throw new AppError('not-found', 'There is no such account.')
  return account
}

/** What a change was checked against may have changed meanwhile: where calls go, and who gives the credential. */
function requireAsChecked(checked: Account, now: Account): void {
  if (checked.baseUrl === now.baseUrl && checked.kind === now.kind && checked.source === now.source) return
  throw new AppError('conflict', 'Somebody else has just changed this account. Look at it, then try again.')
}

function requireStoredOauth(): void {
  if (!env().ALLOW_STORED_OAUTH) throw invalidField('kind', 'A stored login needs ALLOW_STORED_OAUTH=true.')
}

/** null = the secret stays. */
function secretOf({ kind }: Account, { apiKey, oauth }: AccountChange): AccountSecret | null {
  if (apiKey !== undefined && kind !== 'api_key')
    throw invalidField('apiKey', 'This account has a stored login, no API key.')
  if (oauth !== undefined && kind !== 'oauth')
    throw invalidField('oauth', 'This account has an API key, no stored login.')
  if (apiKey !== undefined) return { kind: 'api_key', apiKey }
  return oauth === undefined ? null : { kind: 'oauth', oauth }
}

async function checkChange(before: Account, change: AccountChange, secret: AccountSecret | null): Promise<void> {
  const { baseUrl } = change
  const isElsewhere = leadsElsewhere(before, change)
  requireOverlapOfKeys(change, secret)
  if (before.source === 'file' && (secret || isElsewhere)) {
    throw new AppError('conflict', 'A credential file gives this account its credential: change it there.')
  }
  if (secret?.kind === 'oauth') requireStoredOauth()
  if (baseUrl) await checkBaseUrl(baseUrl)
  // Otherwise whoever may edit an account could have its secret sent to a host of theirs.
  if (isElsewhere && !secret)
    throw invalidField(
      before.kind === 'oauth' ? 'oauth' : 'apiKey',
      'Enter it again: the base URL leads to another host.',
    )
}

/**
 * A credential that the upstream refuses does not take the place of one that works. Until the old one is revoked at
 * the upstream both work there, so that no call falls into a gap.
 */
async function checkAccepted(secret: AccountSecret, baseUrl: string | null): Promise<void> {
  const { status, message } = await askModels({ baseUrl, kind: secret.kind, header: headerOf(secret) })
  if (status !== 401 && status !== 403) return
  throw invalidField(secret.kind === 'oauth' ? 'oauth' : 'apiKey', `${message} The stored one stays in use.`)
}

function requireOverlapOfKeys({ keepPreviousMinutes }: AccountChange, secret: AccountSecret | null): void {
  if (keepPreviousMinutes && secret?.kind !== 'api_key')
    throw invalidField('keepPreviousMinutes', 'There is an overlap only where a new API key replaces one.')
}

function leadsElsewhere(before: Account, { baseUrl }: AccountChange): boolean {
  return baseUrl !== undefined && originOf(baseUrl) !== originOf(before.baseUrl)
}

/** Where calls would go; what is no URL is told apart from everything and refused by checkBaseUrl. */
function originOf(baseUrl: string | null): string {
  const url = baseUrl || env().CLAUDE_API_BASE_URL
  return URL.canParse(url) ? new URL(url).origin : url
}

/** Makes the links say what is given. A link that stays keeps its place unless it is given another. */
async function saveLinks(
  transaction: Transaction,
  { id, kind }: Account,
  links: readonly AccountLink[],
): Promise<void> {
  if (kind === 'oauth' && links.length > 1)
    throw invalidField('domains', 'Choose one domain at most: a stored login is never shared.')
  const domainIds = links.map(({ domainId }) => domainId)
  const found = await transaction.domain.count({ where: { id: { in: domainIds } } })
  if (found !== domainIds.length) throw invalidField('domains', 'One of these domains does not exist.')
  await transaction.accountDomain.deleteMany({ where: { accountUuid: id, domainId: { notIn: domainIds } } })
  for (const { domainId, position, weight } of links) {
    const last = await transaction.accountDomain.aggregate({ where: { domainId }, _max: { position: true } })
    await transaction.accountDomain.upsert({
      where: { accountUuid_domainId: { accountUuid: id, domainId } },
      create: { accountUuid: id, domainId, position: position ?? (last._max.position ?? -1) + 1, weight },
      update: { position, weight },
    })
  }
}

function auditDetail(before: Account, { apiKey, oauth, ...change }: AccountChange): Record<string, unknown> {
  const { name, organization, isPaused, allowedModels, baseUrl } = before
  const isSecretNew = apiKey !== undefined || oauth !== undefined
  return {
    before: { name, organization, isPaused, allowedModels, baseUrl },
    after: change,
    ...(isSecretNew && { credential: 'replaced' }),
  }
}
