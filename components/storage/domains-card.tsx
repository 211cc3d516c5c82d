'use client'

import Link from 'next/link'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Table, type Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import { formatBytes, formatCount, formatExact, formatTime } from '@/lib/format'
import type { StorageDomain } from '@/lib/retention/query-storage'
import { savingOf } from './prepare-storage'

interface DomainsCardProps {
  domains: readonly StorageDomain[]
  measuredOn: string | null
  mayWrite: boolean
  onErased: () => void
}

/** What each domain holds, largest first. */
export function DomainsCard({ domains, measuredOn, mayWrite, onErased }: DomainsCardProps) {
  const [erasing, setErasing] = useState<StorageDomain | null>(null)
  const columns = mayWrite ? [...figures, actionColumn(setErasing)] : figures
  return (
    <Card>
      <CardHeader
        title="By domain"
        hint={measuredOn ? `Measured on ${formatTime(measuredOn, 'UTC', 'day')}, every hour again` : 'Not measured yet'}
      />
      {domains.length > 0 ? (
        <Table
          caption="What each domain holds"
          columns={columns}
          rows={domains}
          rowKey={({ domainId }) => domainId ?? 'none'}
        />
      ) : (
        <CardBody>
          <p className="text-body text-muted">Nothing is stored yet.</p>
        </CardBody>
      )}
      <EraseDialog domain={erasing} onClose={() => setErasing(null)} onErased={onErased} />
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
        <span className="text-muted">refused strangers</span>
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

interface EraseDialogProps {
  domain: StorageDomain | null
  onClose: () => void
  onErased: () => void
}

function EraseDialog({ domain, onClose, onErased }: EraseDialogProps) {
  async function erase() {
    const { bodies } = await sendJson<{ bodies: number }>('/api/storage/erasures', {
      method: 'POST',
      body: { domainId: domain?.domainId },
    })
    toast.success(`The content of ${formatExact(bodies)} requests is deleted.`)
    onErased()
  }
  return (
    <ConfirmDialog
      isOpen={domain !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Delete the content of a domain"
      consequence={`Everything that was said in ${domain?.domain ?? 'this domain'} until now is deleted for good: requests, answers, titles. Starred ones too. Tokens, costs and times stay. The audit log keeps who did it.`}
      typed={domain?.domain ?? undefined}
      action="Delete content"
      onConfirm={erase}
    />
  )
}
