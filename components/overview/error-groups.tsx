import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { Card, CardHeader } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { Table, type Column } from '@/components/ui/table'
import { formatExact } from '@/lib/format'
import { describeOutcome } from '@/components/requests/describe-outcome'
import type { ErrorGroup } from '@/lib/requests/query-errors'

interface ErrorGroupsProps {
  groups: readonly ErrorGroup[]
  timeZone: string
  /** The requests page with these filters and the period of this page. */
  hrefOf: (filter: Record<string, string>) => string
}

/** What goes wrong, by type, the latest first. */
export function ErrorGroups({ groups, timeZone, hrefOf }: ErrorGroupsProps) {
  const columns: Column<ErrorGroup>[] = [
    {
      key: 'type',
      header: 'Error',
      isTitle: true,
      cell: (group) => (
        <Link href={hrefOf(filterOf(group))} className="font-mono text-accent hover:underline">
          {group.errorType ?? describeOutcome(group).word}
        </Link>
      ),
    },
    { key: 'status', header: 'Status', cell: (group) => <Badge tone="danger">{group.status ?? 'no answer'}</Badge> },
    { key: 'outcome', header: 'Outcome', cell: (group) => describeOutcome({ ...group, status: null }).word },
    { key: 'count', header: 'Requests', align: 'end', cell: (group) => formatExact(group.count) },
    {
      key: 'last',
      header: 'Last',
      align: 'end',
      cell: (group) => (
        <Link href={`/requests/${group.lastRequestId}`} className="text-accent hover:underline">
          <RelativeTime at={group.lastAt} timeZone={timeZone} />
        </Link>
      ),
    },
  ]
  return (
    <Card className="min-w-0">
      <CardHeader
        title="Latest errors"
        hint={groups.length === 0 ? 'None in this period.' : 'By type; press one to see its requests.'}
      />
      {groups.length > 0 && (
        <Table
          caption="Errors by type"
          columns={columns}
          rows={groups}
          rowKey={(group) => `${group.errorType} ${group.status} ${group.outcome}`}
        />
      )}
    </Card>
  )
}

function filterOf(group: ErrorGroup): Record<string, string> {
  return {
    outcome: group.outcome,
    ...(group.errorType ? { errorType: group.errorType } : {}),
    ...(group.status ? { status: String(group.status) } : {}),
  }
}
