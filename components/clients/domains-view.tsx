'use client'

import { parseAsBoolean, useQueryState } from 'nuqs'
import useSWR from 'swr'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { GrowingTable } from '@/components/ui/growing-table'
import { domainColumns, type DomainRow } from './domain-columns'
import { NewDomain, type AccountChoice } from './new-domain'

interface DomainsViewProps {
  initial: readonly DomainRow[]
  accounts: readonly AccountChoice[]
  mayWrite: boolean
}

export function DomainsView({ initial, accounts, mayWrite }: DomainsViewProps) {
  const { data } = useSWR<{ domains: readonly DomainRow[] }>('/api/domains', {
    fallbackData: { domains: initial },
    refreshInterval: 30_000,
  })
  const [isAdding, setIsAdding] = useQueryState(
    'new',
    parseAsBoolean.withDefault(false).withOptions({ history: 'push' }),
  )
  const domains = data?.domains ?? initial
  const add = mayWrite && (
    <Button variant="primary" onClick={() => void setIsAdding(true)}>
      New domain
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Domains & keys"
        description="Who may use the proxy: each domain has its client keys, its accounts and its own record."
        actions={domains.length > 0 && add}
      />
      <Card className="overflow-hidden">
        {domains.length === 0 ? (
          <EmptyState
            title="No domain yet"
            reason="A domain is a tenant, such as team-a.example.com. Clients reach Claude with a key of their domain, and the domain’s account pays."
            action={add}
          />
        ) : (
          <GrowingTable
            caption="Domains"
            columns={domainColumns}
            rows={domains}
            noun="domain"
            textOf={({ domain }) => domain}
            rowKey={({ domainId }) => domainId}
            density="comfortable"
          />
        )}
      </Card>
      {isAdding && mayWrite && <NewDomain accounts={accounts} onClose={() => void setIsAdding(null)} />}
    </>
  )
}
