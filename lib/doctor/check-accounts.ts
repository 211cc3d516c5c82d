import { prisma } from '@/lib/prisma'
import { queryRows } from '@/lib/dashboard-query'
import { openSecret, type AccountKind } from '@/lib/accounts/secrets'
import { findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Accounts')

/** Whether there is an account for every domain, and whether Claude takes it. */
export async function checkAccounts(): Promise<Finding[]> {
  const accounts = await prisma().account.findMany({ where: { deletedAt: null }, take: 1_000 })
  if (accounts.length === 0) {
    const fix = 'Add one on the Accounts page, or put a <domain>.credentials.json into the credentials folder.'
    return [fault({ id: 'no-account', says: 'There is no account: no call can be paid.', fix })]
  }
  const sealed = accounts.filter(
    ({ id, kind, sealedSecret }) => !isReadable(sealedSecret, { uuid: id, kind: kind as AccountKind }),
  )
  const findings = [
    ...otherKey(sealed.map(({ accountId }) => accountId)),
    ...(await checkDomains()),
    ...(await checkRefused()),
  ]
  const count = `${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`
  return findings.length > 0 ? findings : [ok('accounts', `${count}, each readable and not refused by Claude.`)]
}

function isReadable(sealed: Uint8Array, account: { uuid: string; kind: AccountKind }): boolean {
  try {
    return openSecret(sealed, account) !== ''
  } catch {
    // Sealed with another key, or damaged: the finding says so.
    return false
  }
}

function otherKey(accountIds: readonly string[]): Finding[] {
  if (accountIds.length === 0) return []
  const says = `The credential of ${accountIds.join(', ')} cannot be opened with this ENCRYPTION_KEY.`
  const fix =
    'Bring back the ENCRYPTION_KEY (or secrets.json) of the server that stored it and restart; or enter the credential again on the Accounts page.'
  return [fault({ id: 'encryption-key', says, fix })]
}

interface DomainRow {
  name: string
  accounts: number
  usable: number
  keys: number
}

async function checkDomains(): Promise<Finding[]> {
  const rows = await queryRows<DomainRow>(`
    SELECT d.name,
      (SELECT count(*)::int FROM account_domains l JOIN accounts a ON a.id = l.account_uuid
        WHERE l.domain_id = d.id AND a.deleted_at IS NULL) AS accounts,
      (SELECT count(*)::int FROM account_domains l JOIN accounts a ON a.id = l.account_uuid
        WHERE l.domain_id = d.id AND a.deleted_at IS NULL AND NOT a.is_paused) AS usable,
      (SELECT count(*)::int FROM client_keys k
        WHERE k.domain_id = d.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())) AS keys
    FROM domains d WHERE NOT d.is_pass_through_allowed ORDER BY d.name LIMIT 1000`)
  return rows.flatMap(judgeDomain)
}

function judgeDomain({ name, accounts, usable, keys }: DomainRow): Finding[] {
  if (accounts === 0) {
    const says = `Domain ${name} has no account: its calls get status 503.`
    return [
      fault({
        id: 'domain-without-account',
        says,
        fix: `Open ${name} on the Domains & keys page and add an account to it.`,
      }),
    ]
  }
  if (usable === 0) {
    const says = `Every account of domain ${name} is paused: its calls get status 503.`
    return [fault({ id: 'domain-paused', says, fix: 'Resume one on the Accounts page.' })]
  }
  if (keys > 0) return []
  const says = `Domain ${name} has no client key that works: nobody can call for it.`
  return [warning({ id: 'domain-without-key', says, fix: `Open ${name} on the Domains & keys page and make one.` })]
}

/** Accounts that Claude refused at their newest call of the day, with the credential they still have. */
async function checkRefused(): Promise<Finding[]> {
  const rows = await queryRows<{ accountId: string; status: number }>(`
    SELECT a.account_id AS "accountId", last.status FROM accounts a
    JOIN LATERAL (
      SELECT status, created_at FROM api_requests r
      WHERE r.account_id = a.account_id AND r.created_at > now() - interval '24 hours' AND r.status IS NOT NULL
      ORDER BY r.created_at DESC LIMIT 1) last ON true
    WHERE a.deleted_at IS NULL AND last.status IN (401, 403)
      AND last.created_at > coalesce(a.rotated_at, '-infinity') ORDER BY 1`)
  return rows.map(({ accountId, status }) =>
    fault({
      id: 'account-refused',
      says: `Claude refused account ${accountId} with status ${status} at its last call.`,
      fix: 'Make a new key at console.anthropic.com and enter it on the Accounts page (or in the credential file), then press Test there.',
    }),
  )
}
