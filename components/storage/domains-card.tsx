'use client'

import Link from 'next/link'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { formatBytes, formatCount, formatExact, formatTime } from '@/lib/format'
import type { StorageDomain } from '@/lib/retention/query-storage'
import { EraseDialog } from './erase-dialog'
import { savingOf } from './prepare-storage'

interface DomainsCardProps {
  domains: readonly StorageDomain[]
  measuredOn: string | null
  mayWrite: boolean
  onErased: () => void
}

/** Each row has a button of its own. */
const lot = 20

const strangers = 'refused strangers'

/** What each domain holds, largest first. */
export function DomainsCard({ domains, measuredOn, mayWrite, onErased }: DomainsCardProps) {
  const [erasing, setErasing] = useState<StorageDomain | null>(null)
  const columns = mayWrite ? [...figures, actionColumn(setErasing)] : figures
  return (
    <Card>
      <CardHeader
        title="By domain"
        hint={
          measuredOn
            ? `Measured on ${formatTime(measuredOn, 'UTC', 'day')}, and again about every hour`
            : 'Measured in the first hour after the start, then about every hour'
        }
      />
      {domains.length > 0 ? (
        <GrowingTable
          caption="What each domain holds"
          columns={columns}
          rows={domains}
          noun="domain"
          textOf={({ domain }) => domain ?? strangers}
          lot={lot}
          rowKey={({ domainId }) => domainId ?? 'none'}
        />
      ) : (
        <CardBody>
          <p className="text-body text-muted">
            {measuredOn ? 'Nothing is stored yet.' : 'The figures appear with the first measurement.'}
          </p>
        </CardBody>
      )}
      <EraseDialog
        isOpen={erasing !== null}
        onClose={() => setErasing(null)}
        title="Delete the content of a domain"
        consequence={`Everything that was said in ${erasing?.domain ?? 'this domain'} until now is deleted for good: requests, answers, titles. Starred ones too. Tokens, costs and times stay. Calls that are still running are recorded without what they say. The audit log keeps who did it.`}
        erasure={{ domainId: erasing?.domainId ?? '' }}
        typed={erasing?.domain ?? undefined}
        onErased={onErased}
      />
    </Card>
  )
}

const figures: readonly Column<StorageDomain>[] = [
  {
    key: 'domain',
    header: 'Domain',
    isTitle: true,
    cell: ({ domainId, domain }) =>
      domainId && domain ? (
        <Link href={`/domains/${domainId}`} className="font-medium break-all text-accent hover:underline">
          {domain}
        </Link>
      ) : (
        <span className="text-muted">{strangers}</span>
      ),
  },
  {
    key: 'requests',
    header: 'Requests',
    align: 'end',
    cell: ({ requests }) => <span title={formatExact(requests)}>{formatCount(requests)}</span>,
  },
  { key: 'logical', header: 'Sent and received', align: 'end', cell: ({ logicalBytes }) => formatBytes(logicalBytes) },
  { key: 'stored', header: 'Stored', align: 'end', cell: ({ storedBytes }) => formatBytes(storedBytes) },
  { key: 'saving', header: 'Less by', align: 'end', cell: (domain) => savingOf(domain) ?? '–' },
  { key: 'blocks', header: 'Blocks', align: 'end', cell: ({ blocks }) => formatCount(blocks) },
]

function actionColumn(onErase: (domain: StorageDomain) => void): Column<StorageDomain> {
  return {
    key: 'erase',
    header: <span className="sr-only">Actions</span>,
    align: 'end',
    cell: (domain) =>
      domain.domainId && domain.storedBytes > 0 ? (
        <Button size="small" variant="ghost" onClick={() => onErase(domain)}>
          Delete content
        </Button>
      ) : null,
  }
}
