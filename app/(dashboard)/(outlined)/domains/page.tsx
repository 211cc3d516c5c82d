import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { DomainsView } from '@/components/clients/domains-view'
import { listAccounts } from '@/lib/accounts/accounts'
import { listDomains } from '@/lib/clients/domains'
import { sent } from '@/lib/sent'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Domains & keys' }

export default async function DomainsPage() {
  const { role } = await requireUser('numbers:read')
  const [domains, accounts] = await Promise.all([listDomains(), listAccounts()])
  const choices = accounts.map(({ accountId, name }) => ({ accountId, name }))
  return <DomainsView initial={sent(domains)} accounts={choices} mayWrite={mayDo(role, 'domains:write')} />
}
