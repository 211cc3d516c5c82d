import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { requireUser } from '@/app/require-user'
import { ClientKeysCard } from '@/components/clients/client-keys-card'
import { DomainAccountsCard } from '@/components/clients/domain-accounts-card'
import { DomainPoliciesCard } from '@/components/clients/domain-policies-card'
import { PageOutline } from '@/components/shell/page-outline'
import { PageHeader } from '@/components/ui/page-header'
import { listAccounts } from '@/lib/accounts/accounts'
import { listClientKeys } from '@/lib/clients/client-keys'
import { getDomain, type ListedDomain } from '@/lib/clients/domains'
import { sent } from '@/lib/sent'
import { env } from '@/lib/env'
import { formatExact } from '@/lib/format'
import { plainId } from '@/lib/ids'
import { mayDo, type Role } from '@/lib/users/permissions'

interface DomainPageProps {
  params: Promise<{ domainId: string }>
}

export const metadata: Metadata = { title: 'Domain' }

export default async function DomainPage({ params }: DomainPageProps) {
  const { role } = await requireUser('numbers:read')
  const domain = await getDomain(plainId((await params).domainId))
  if (!domain) notFound()
  return (
    <Suspense fallback={<PageOutline />}>
      <FoundDomain {...{ domain, role }} />
    </Suspense>
  )
}

async function FoundDomain({ domain, role }: { domain: ListedDomain; role: Role }) {
  const { domainId } = domain
  const [keys, accounts] = await Promise.all([listClientKeys({ domainId, limit: 50 }), listAccounts()])
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-1 text-body">
        <Link href="/domains" className="text-accent hover:underline">
          Domains & keys
        </Link>
      </nav>
      <PageHeader
        title={<span className="break-all">{domain.domain}</span>}
        description={`Requests: ${formatExact(domain.requestCount)} of all time, ${formatExact(domain.requestCount24h)} in the last 24 hours.`}
      />
      <div className="grid gap-4 xl:grid-cols-3">
        <div className="min-w-0 xl:col-span-2">
          <ClientKeysCard
            domainId={domainId}
            domain={domain.domain}
            initial={sent(keys)}
            mayWrite={mayDo(role, 'keys:write')}
            publicUrl={env().PUBLIC_URL?.replace(/\/+$/, '') ?? null}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <DomainAccountsCard domainId={domainId} initial={sent(accounts)} mayWrite={mayDo(role, 'accounts:write')} />
          <DomainPoliciesCard initial={sent(domain)} mayWrite={mayDo(role, 'domains:write')} />
        </div>
      </div>
    </>
  )
}
