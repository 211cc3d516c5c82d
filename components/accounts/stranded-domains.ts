import type { AccountRow } from './account-status'

/** Domains that no other account serves. Pure. */
export function strandedDomains(account: AccountRow, accounts: readonly AccountRow[]): string[] {
  const others = accounts.filter(({ accountId, status }) => accountId !== account.accountId && status !== 'paused')
  return account.domains
    .filter(({ domainId }) => !others.some(({ domains }) => domains.some((link) => link.domainId === domainId)))
    .map(({ domain }) => domain)
}
