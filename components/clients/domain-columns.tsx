import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Column } from '@/components/ui/table'
import type { ListedDomain } from '@/lib/clients/domains'
import type { Sent } from '@/lib/sent'
import { formatCount, formatExact } from '@/lib/format'

export type DomainRow = Sent<ListedDomain>

const count = (value: number) => <span title={formatExact(value)}>{formatCount(value)}</span>

export const domainColumns: readonly Column<DomainRow>[] = [
  {
    key: 'domain',
    header: 'Domain',
    isTitle: true,
    cell: ({ domainId, domain }) => (
      <Link href={`/domains/${domainId}`} className="font-medium break-all text-accent hover:underline">
        {domain}
      </Link>
    ),
  },
  {
    key: 'keys',
    header: 'Active keys',
    align: 'end',
    cell: ({ clientKeyCount }) =>
      clientKeyCount > 0 ? count(clientKeyCount) : <span className="text-warn">none</span>,
  },
  { key: 'accounts', header: 'Accounts', align: 'end', cell: AccountCount },
  { key: 'requests24h', header: 'Requests, 24 h', align: 'end', cell: ({ requestCount24h }) => count(requestCount24h) },
  { key: 'requests', header: 'Requests, all time', align: 'end', cell: ({ requestCount }) => count(requestCount) },
  { key: 'capture', header: 'Records', cell: Policies },
  {
    key: 'used',
    header: 'Keys last used',
    cell: ({ lastUsedAt }) =>
      lastUsedAt ? <RelativeTime at={lastUsedAt} /> : <span className="text-muted">never</span>,
  },
]

function AccountCount({ accountCount, isPassThroughAllowed }: DomainRow) {
  if (accountCount > 0) return count(accountCount)
  return isPassThroughAllowed ? (
    <span className="text-muted">pass-through</span>
  ) : (
    <span className="text-warn">none</span>
  )
}

const captureWords = { full: 'everything', metadata: 'no content', off: 'figures only' }

function Policies({ capture, isPassThroughAllowed }: DomainRow) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {captureWords[capture]}
      {isPassThroughAllowed && <Badge tone="accent">pass-through</Badge>}
    </span>
  )
}
