import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { KeyValueList } from '@/components/ui/key-value-list'
import { StatusPill } from '@/components/ui/status-pill'
import { formatBytes, formatDuration, formatExact, formatPercent } from '@/lib/format'
import type { JournalState } from '@/lib/retention/query-storage'

const lagOfConcernMs = 60_000

/** What the processes have on their own disks, not in the database yet. */
export function JournalCard({ journal }: { journal: JournalState }) {
  const { processes, bytes, maxBytes, fullPolicy, failures, droppedBodies, quarantined } = journal
  const whenFull = fullPolicy === 'shed' ? 'turn calls away (503)' : 'go on without content'
  return (
    <Card>
      <CardHeader
        title="Journal"
        hint={`What has ended and is on its way into the database${processes > 1 ? `, in ${processes} processes` : ''}.`}
      />
      <CardBody>
        <KeyValueList
          items={[
            { label: 'State', value: <JournalPill {...journal} /> },
            {
              label: 'On disk',
              value: `${formatBytes(bytes)} of ${formatBytes(maxBytes)} (${formatPercent(bytes / maxBytes)})`,
            },
            { label: 'When it is full', value: whenFull },
            { label: 'Waiting', value: describeWaiting(journal) },
            { label: 'Refused by the disk', value: formatExact(failures) },
            { label: 'Recorded without content', value: formatExact(droppedBodies) },
            { label: 'Set aside', value: formatExact(quarantined) },
          ]}
        />
      </CardBody>
    </Card>
  )
}

function describeWaiting({ pending, lagMs }: JournalState): string {
  return pending === 0 ? 'nothing' : `${formatExact(pending)}, the oldest for ${formatDuration(lagMs)}`
}

function JournalPill({ isFull, lagMs }: JournalState) {
  if (isFull) return <StatusPill status="danger">Full</StatusPill>
  if (lagMs > lagOfConcernMs) return <StatusPill status="warn">Behind</StatusPill>
  return <StatusPill status="ok">Recording</StatusPill>
}
