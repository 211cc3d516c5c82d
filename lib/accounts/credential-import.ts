import { describeClientKey } from '@/lib/clients/client-key'
import { hashClientKey } from '@/lib/clients/client-key-hash'
import { prisma, type Transaction } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Account } from '@/prisma/client/client'
import { CredentialFileError, type CredentialFile } from './credential-file'
import { lockLinks } from './links-lock'
import { hashSecret, isSameSecret, last4Of, loginColumns, sealSecret, type AccountSecret } from './secrets'

/** Makes the database say what one of the files says. Returns what changed, in words; empty = nothing. */
export async function importCredentialFile(file: CredentialFile, now: FilesNow): Promise<string[]> {
  return prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const domain = await importDomain(transaction, file)
    const account = await importAccount(transaction, file)
    const accountLink = { domainId: domain.id, accountUuid: account.id }
    if (file.secret.kind === 'oauth') await requireOwnLogin(transaction, accountLink)
    const link = await importLink(transaction, accountLink)
    const key =
      file.clientKey === null
        ? null
        : await importClientKey(transaction, { ...file, clientKey: file.clientKey, domainId: domain.id }, now)
    const changes = [domain.change, account.change, link, key].filter((change) => change !== null)
    if (changes.length > 0) {
      const target = { action: 'credential-file.import', targetType: 'domain', targetId: domain.id }
      await recordAudit(transaction, { actor, ...target, detail: { file: file.name, changes } })
    }
    return changes
  })
}

/** The hand on the directory is an actor like any other. */
const actor = { userId: null, name: 'credential files' }

async function importDomain(transaction: Transaction, { domain }: CredentialFile) {
  const existing = await transaction.domain.findUnique({ where: { name: domain } })
  if (existing) return { id: existing.id, change: null }
  const { id } = await transaction.domain.create({ data: { id: newId(), name: domain } })
  return { id, change: 'domain created' }
}

async function importAccount(transaction: Transaction, { accountId, domain, secret }: CredentialFile) {
  const { kind } = secret
  const last4 = last4Of(secret)
  const existing = await transaction.account.findUnique({ where: { accountId } })
  if (!existing) {
    const id = newId()
    const sealedSecret = Buffer.from(sealSecret(secret, id))
    await transaction.account.create({
      data: { id, accountId, name: domain, kind, sealedSecret, last4, source: 'file', ...importColumns(secret) },
    })
    return { id, change: `account ${accountId} created` }
  }
  const isUnchanged = existing.kind === kind && (isImported(existing, secret) || isStored(existing, secret))
  if (isUnchanged && existing.source === 'file' && !existing.deletedAt) return { id: existing.id, change: null }
  const sealedSecret = Buffer.from(sealSecret(secret, existing.id))
  // What stays is not written again: a stored login may be refreshed meanwhile.
  const replaced = isUnchanged ? {} : { sealedSecret, last4, rotatedAt: new Date(), ...importColumns(secret) }
  await transaction.account.update({
    where: { id: existing.id },
    data: { kind, source: 'file', deletedAt: null, ...replaced },
  })
  return {
    id: existing.id,
    change: `account ${accountId} ${isUnchanged ? 'taken over' : 'got the credential of the file'}`,
  }
}

const importColumns = (secret: AccountSecret) => ({
  ...loginColumns(secret),
  importedHash: Buffer.from(hashSecret(secret)),
})

/** The file says what it said before. What is stored may be younger: a login that was refreshed since. */
function isImported({ source, importedHash, sealedSecret }: Account, secret: AccountSecret): boolean {
  return source === 'file' && sealedSecret.length > 0 && hashSecret(secret).equals(importedHash ?? Buffer.of())
}

function isStored({ sealedSecret, id }: Account, secret: AccountSecret): boolean {
  return isSameSecret(sealedSecret, secret, id)
}

interface AccountInDomain {
  readonly domainId: string
  readonly accountUuid: string
}

/** A stored login belongs to one person, and to one domain with it. */
async function requireOwnLogin(transaction: Transaction, { domainId, accountUuid }: AccountInDomain): Promise<void> {
  const others = await transaction.accountDomain.count({ where: { accountUuid, domainId: { not: domainId } } })
  if (others > 0)
    throw new CredentialFileError(
      'accountId: This stored login is that of another domain; it is never shared. Take it out of the accounts of that domain first.',
    )
}

async function importLink(transaction: Transaction, link: AccountInDomain): Promise<string | null> {
  const existing = await transaction.accountDomain.findUnique({ where: { accountUuid_domainId: link } })
  if (existing) return null
  const last = await transaction.accountDomain.aggregate({
    where: { domainId: link.domainId },
    _max: { position: true },
  })
  await transaction.accountDomain.create({ data: { ...link, position: (last._max.position ?? -1) + 1 } })
  return 'account linked'
}

async function importClientKey(
  transaction: Transaction,
  { clientKey, domainId, name }: { clientKey: string; domainId: string; name: string },
  now: FilesNow,
): Promise<string | null> {
  const hash = Buffer.from(hashClientKey(clientKey))
  const existing = await transaction.clientKey.findUnique({ where: { hash }, include: { domain: true } })
  if (!existing) {
    const shown = describeClientKey(clientKey)
    await transaction.clientKey.create({ data: { id: newId(), domainId, name, hash, ...shown, source: 'file' } })
    return 'client key created'
  }
  const isMoved = existing.domainId !== domainId
  if (isMoved && !(existing.source === 'file' && hasLeft(existing.domain.name, clientKey, now)))
    throw new CredentialFileError('client_api_key: This key belongs to another domain already.')
  if (existing.revokedReason === 'dashboard') {
    throw new CredentialFileError('client_api_key: This key was revoked in the dashboard. Put a new one into the file.')
  }
  if (!isMoved && !existing.revokedAt && existing.source === 'file') return null
  await transaction.clientKey.update({
    where: { id: existing.id },
    data: { domainId, name, source: 'file', revokedAt: null, revokedReason: null, expiresAt: null },
  })
  return isMoved ? `client key taken over from ${existing.domain.name}` : 'client key taken over'
}

/** The file of the domain is gone or names another key: who renames a file takes its key along. */
function hasLeft(domain: string, clientKey: string, { files, badDomains }: FilesNow): boolean {
  return !badDomains.includes(domain) && !files.some((file) => file.domain === domain && file.clientKey === clientKey)
}

export interface FilesNow {
  readonly files: readonly CredentialFile[]
  /** Domains whose file exists but cannot be used: nothing of theirs ends. */
  readonly badDomains: readonly string[]
}

/**
 * Ends what only a removed file provided: its client key. Its account stays, because keys of the dashboard may
 * depend on it, and becomes an account of the dashboard. Returns what changed, in words; null = nothing, because the
 * files are others by now: what no file named may be what another process has imported since.
 */
export async function dropRemovedFiles(
  { files, badDomains }: FilesNow,
  areStillThese: () => Promise<boolean>,
): Promise<string[] | null> {
  const hashes = files.flatMap(({ clientKey }) => (clientKey === null ? [] : [Buffer.from(hashClientKey(clientKey))]))
  const isOrphan = { source: 'file', domain: { name: { notIn: [...badDomains] } } }
  return prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const keys = await transaction.clientKey.findMany({
      where: { ...isOrphan, revokedAt: null, hash: { notIn: hashes } },
      include: { domain: true },
    })
    const accounts = await transaction.account.findMany({
      where: {
        source: 'file',
        deletedAt: null,
        accountId: { notIn: files.map(({ accountId }) => accountId) },
        domains: { none: { domain: { name: { in: [...badDomains] } } } },
      },
    })
    if (keys.length + accounts.length > 0 && !(await areStillThese())) return null
    const revoked = { revokedAt: new Date(), revokedReason: 'file' }
    await transaction.clientKey.updateMany({ where: { id: { in: keys.map(({ id }) => id) } }, data: revoked })
    await transaction.account.updateMany({
      where: { id: { in: accounts.map(({ id }) => id) } },
      data: { source: 'dashboard' },
    })
    for (const { id, domain, last4 } of keys) {
      const target = { action: 'client-key.revoke', targetType: 'client-key', targetId: id }
      await recordAudit(transaction, {
        actor,
        ...target,
        detail: { domain: domain.name, last4, reason: 'no file names it' },
      })
    }
    return [
      ...keys.map(({ domain, last4 }) => `client key …${last4} of ${domain.name} revoked: no file names it any more`),
      ...accounts.map(
        ({ accountId }) =>
          `account ${accountId} is named by no file any more; it stays and can be deleted on the Accounts page`,
      ),
    ]
  })
}
