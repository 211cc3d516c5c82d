import { Card, CardHeader } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { formatDuration } from '@/lib/format'
import type { DeliveryRow } from './alert-rows'

/** Every attempt to tell somebody, the newest first. */
export function DeliveriesCard({ deliveries }: { deliveries: readonly DeliveryRow[] }) {
  return (
    <Card className="overflow-hidden">
      <CardHeader title="Deliveries" hint="Each attempt of the last 90 days, the newest 100." />
      {deliveries.length === 0 ? (
        <EmptyState
          title="Nothing was sent yet"
          reason="Attempts appear here when a rule fires, or when you test a channel."
        />
      ) : (
        <GrowingTable
          caption="Deliveries"
          columns={columns}
          rows={deliveries}
          noun="attempt"
          textOf={({ ruleName, channelName }) => `${ruleName} ${channelName}`}
          rowKey={({ deliveryId }) => deliveryId}
        />
      )}
    </Card>
  )
}

const events: Record<DeliveryRow['event'], string> = {
  firing: 'Fired',
  still_firing: 'Still firing',
  resolved: 'Over',
  test: 'Test',
}

const columns: Column<DeliveryRow>[] = [
  { key: 'at', header: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
  { key: 'rule', header: 'Rule', isTitle: true, cell: ({ ruleName }) => ruleName },
  { key: 'event', header: 'What', cell: ({ event }) => events[event] },
  { key: 'channel', header: 'Channel', cell: ({ channelName }) => channelName },
  {
    key: 'result',
    header: 'Result',
    cell: ({ error, status }) =>
      error ? <StatusPill status="danger">{error}</StatusPill> : <StatusPill status="ok">{status}</StatusPill>,
  },
  { key: 'attempt', header: 'Attempt', align: 'end', cell: ({ attempt }) => attempt },
  { key: 'took', header: 'Took', align: 'end', cell: ({ durationMs }) => formatDuration(durationMs) },
]
