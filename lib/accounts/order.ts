import type { ListedAccount } from './accounts'

/** The accounts of a domain in their order. Pure, safe in the browser. */
export function listDomainAccounts<
  Account extends { readonly domains: readonly Pick<ListedAccount['domains'][number], 'domainId' | 'position'>[] },
>(accounts: readonly Account[], domainId: string): Account[] {
  const positionIn = ({ domains }: Account) => domains.find((link) => link.domainId === domainId)?.position
  return accounts
    .filter((account) => positionIn(account) !== undefined)
    .sort((left, right) => (positionIn(left) ?? 0) - (positionIn(right) ?? 0))
}
