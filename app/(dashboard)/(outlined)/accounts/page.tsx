import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { AccountsView } from '@/components/accounts/accounts-view'
import { listAccounts } from '@/lib/accounts/accounts'
import { listDomains } from '@/lib/clients/domains'
import { sent } from '@/lib/sent'
import { env } from '@/lib/env'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Accounts' }

export default async function AccountsPage() {
  const { role } = await requireUser('numbers:read')
  const [accounts, domains] = await Promise.all([listAccounts(), listDomains()])
  return (
    <AccountsView
      initial={sent(accounts)}
      domains={sent(domains)}
      mayWrite={mayDo(role, 'accounts:write')}
      isOauthAllowed={env().ALLOW_STORED_OAUTH}
      defaultBaseUrl={env().CLAUDE_API_BASE_URL}
    />
  )
}
