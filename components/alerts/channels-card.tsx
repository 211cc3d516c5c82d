'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import type { Attempt } from '@/lib/alerts/deliver'
import { formatDuration } from '@/lib/format'
import { channelsPath, type ChannelRow } from './alert-rows'
import { NewChannel } from './new-channel'

interface ChannelsCardProps {
  channels: readonly ChannelRow[]
  mayWrite: boolean
  onChange: () => void
}

export function ChannelsCard({ channels, mayWrite, onChange }: ChannelsCardProps) {
  const [isAdding, setIsAdding] = useState(false)
  const [leaving, setLeaving] = useState<ChannelRow | null>(null)
  const add = mayWrite && <Button onClick={() => setIsAdding(true)}>New channel</Button>
  const columns = mayWrite ? [...channelColumns, actionsColumn({ onChange, onDelete: setLeaving })] : channelColumns
  return (
    <Card className="overflow-hidden">
      <CardHeader title="Channels" hint="Where alerts are sent." actions={channels.length > 0 && add} />
      {channels.length === 0 ? (
        <EmptyState
          title="No channel yet"
          reason="Without a channel, alerts are seen on this page alone. A webhook is signed, so that its receiver can tell who sent it."
          action={add}
        />
      ) : (
        <GrowingTable
          caption="Channels"
          columns={columns}
          rows={channels}
          noun="channel"
          textOf={({ name, host }) => `${name} ${host}`}
          rowKey={({ channelId }) => channelId}
          density="comfortable"
        />
      )}
      {isAdding && <NewChannel onClose={() => setIsAdding(false)} onMade={onChange} />}
      {leaving && (
        <ConfirmDialog
          isOpen
          onOpenChange={() => setLeaving(null)}
          title={`Delete ${leaving.name}?`}
          consequence="Rules that tell it tell it no longer, and its deliveries leave the log."
          action="Delete channel"
          onConfirm={async () => {
            await sendJson(`${channelsPath}/${leaving.channelId}`, { method: 'DELETE' })
            onChange()
          }}
        />
      )}
    </Card>
  )
}

const channelColumns: Column<ChannelRow>[] = [
  { key: 'name', header: 'Channel', isTitle: true, cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: 'kind', header: 'Kind', cell: ({ kind }) => (kind === 'slack' ? 'Slack' : 'Webhook') },
  { key: 'host', header: 'To', cell: ({ host }) => host },
  { key: 'state', header: 'State', cell: (channel) => <ChannelStatus channel={channel} /> },
]

function ChannelStatus({ channel: { lastError, lastDeliveredAt } }: { channel: ChannelRow }) {
  if (lastError)
    return (
      <span className="flex flex-wrap items-center gap-2">
        <StatusPill status="danger">failing</StatusPill>
        <span className="text-muted">{lastError}</span>
      </span>
    )
  if (!lastDeliveredAt) return <StatusPill status="pending">not used yet</StatusPill>
  return (
    <span className="flex flex-wrap items-center gap-2">
      <StatusPill status="ok">works</StatusPill>
      <span className="text-muted">
        <RelativeTime at={lastDeliveredAt} />
      </span>
    </span>
  )
}

interface Actions {
  onChange: () => void
  onDelete: (channel: ChannelRow) => void
}

function actionsColumn({ onChange, onDelete }: Actions): Column<ChannelRow> {
  return {
    key: 'actions',
    header: <span className="sr-only">Actions</span>,
    align: 'end',
    cell: (channel) => (
      <span className="flex justify-end gap-1">
        <TestButton channel={channel} onDone={onChange} />
        <Button size="small" variant="ghost" onClick={() => onDelete(channel)} aria-label={`Delete ${channel.name}`}>
          Delete
        </Button>
      </span>
    ),
  }
}

/** Sends a message now and says what came back. */
function TestButton({ channel: { channelId, name }, onDone }: { channel: ChannelRow; onDone: () => void }) {
  const [isBusy, setIsBusy] = useState(false)
  const test = async () => {
    setIsBusy(true)
    try {
      const attempt = await sendJson<Attempt>(`${channelsPath}/${channelId}/test`, { method: 'POST' })
      const answer = attempt.answer ? `: ${attempt.answer.slice(0, 120)}` : ''
      if (attempt.error) toast.failure(new Error(`${name} did not take it (${attempt.error})${answer}`))
      else toast.success(`${name} answered ${attempt.status} in ${formatDuration(attempt.durationMs)}${answer}`)
    } catch (error) {
      toast.failure(error)
    } finally {
      setIsBusy(false)
      onDone()
    }
  }
  return (
    <Button size="small" isBusy={isBusy} onClick={() => void test()} aria-label={`Test ${name}`}>
      Test
    </Button>
  )
}
