import { Badge } from '@/components/ui/badge'
import { Card, CardHeader } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { Table, type Column } from '@/components/ui/table'
import { formatBytes, formatDuration, formatExact } from '@/lib/format'
import { lagOfConcernMs } from '@/lib/recorder-lag'
import type { Vitals } from './prepare-vitals'

type Process = Vitals['processes'][number]

/** Where the work is split over several processes: each of them. */
export function ProcessesCard({ processes }: { processes: readonly Process[] }) {
  return (
    <Card className="mb-4 overflow-hidden">
      <CardHeader title="Processes" hint="All that work on this database. The first one made this page." />
      <Table caption="Processes" columns={columns} rows={processes} rowKey={({ id }) => id} />
    </Card>
  )
}

function State({ process: { condition, silentMs, figures } }: { process: Process }) {
  if (condition === 'gone')
    return <StatusPill status="danger">{`gone for ${formatDuration(silentMs)}, journal left`}</StatusPill>
  if (figures.isFull) return <StatusPill status="danger">turning calls away</StatusPill>
  if (figures.lagMs > lagOfConcernMs) return <StatusPill status="warn">behind</StatusPill>
  return <StatusPill status="ok">running</StatusPill>
}

const columns: Column<Process>[] = [
  {
    key: 'process',
    header: 'Process',
    isTitle: true,
    cell: ({ host, pid, role }) => (
      <>
        {host} <span className="text-muted">{pid}</span> <Badge>{role}</Badge>
      </>
    ),
  },
  { key: 'state', header: 'State', cell: (process) => <State process={process} /> },
  { key: 'version', header: 'Version', cell: ({ version }) => version },
  { key: 'started', header: 'Started', cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
  { key: 'streams', header: 'Open streams', align: 'end', cell: ({ figures }) => formatExact(figures.openStreams) },
  { key: 'waiting', header: 'Waiting', align: 'end', cell: ({ figures }) => formatExact(figures.pending) },
  { key: 'lag', header: 'Behind', align: 'end', cell: ({ figures }) => formatDuration(figures.lagMs) },
  { key: 'journal', header: 'Journal', align: 'end', cell: ({ figures }) => formatBytes(figures.journalBytes) },
  { key: 'memory', header: 'Memory', align: 'end', cell: ({ figures }) => formatBytes(figures.rssBytes) },
  {
    key: 'disk',
    header: 'Disk free',
    align: 'end',
    cell: ({ figures: { diskFreeBytes } }) => (diskFreeBytes === null ? '—' : formatBytes(diskFreeBytes)),
  },
]
