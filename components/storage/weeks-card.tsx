import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { formatBytes, formatCount, formatTime } from '@/lib/format'
import type { StorageWeek } from '@/lib/retention/query-storage'

const columns: readonly Column<StorageWeek>[] = [
  { key: 'week', header: 'Week of', isTitle: true, cell: ({ from }) => formatTime(from, 'UTC', 'day') },
  {
    key: 'requests',
    header: 'Requests, about',
    align: 'end',
    cell: ({ requests }) => (requests === null ? '–' : formatCount(requests)),
  },
  { key: 'rows', header: 'Rows', align: 'end', cell: ({ rowBytes }) => formatBytes(rowBytes) },
  { key: 'bodies', header: 'Recipes', align: 'end', cell: ({ bodyBytes }) => formatBytes(bodyBytes) },
  { key: 'links', header: 'Links', align: 'end', cell: ({ linkBytes }) => formatBytes(linkBytes) },
]

/** The partitions of the record, newest first. */
export function WeeksCard({ weeks }: { weeks: readonly StorageWeek[] }) {
  return (
    <Card>
      <CardHeader title="Weeks" hint="The record is cut into weeks; retention removes them as a whole." />
      {weeks.length > 0 ? (
        <GrowingTable
          caption="The weeks of the record"
          columns={columns}
          rows={weeks.toReversed()}
          noun="week"
          rowKey={({ from }) => from}
          maxHeight="24rem"
        />
      ) : (
        <CardBody>
          <p className="text-body text-muted">Nothing is recorded yet.</p>
        </CardBody>
      )}
    </Card>
  )
}
