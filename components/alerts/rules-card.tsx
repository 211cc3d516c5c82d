'use client'

import { useState, type ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { formatAlertValue, metricFacts } from '@/lib/alerts/alert-metrics'
import { rulesPath, type ChannelRow, type RuleRow } from './alert-rows'

interface RulesCardProps {
  rules: readonly RuleRow[]
  channels: readonly ChannelRow[]
  /** The button that makes a rule; false for those who may not. */
  add: ReactNode
  onEdit: ((rule: RuleRow) => void) | null
  onChange: () => void
}

export function RulesCard({ rules, channels, add, onEdit, onChange }: RulesCardProps) {
  const [leaving, setLeaving] = useState<RuleRow | null>(null)
  const actions: Column<RuleRow> = {
    key: 'actions',
    header: <span className="sr-only">Actions</span>,
    align: 'end',
    cell: (rule) => (
      <span className="flex justify-end gap-1">
        <Button size="small" variant="ghost" onClick={() => onEdit?.(rule)} aria-label={`Edit ${rule.name}`}>
          Edit
        </Button>
        <Button size="small" variant="ghost" onClick={() => setLeaving(rule)} aria-label={`Delete ${rule.name}`}>
          Delete
        </Button>
      </span>
    ),
  }
  return (
    <Card className="overflow-hidden">
      <CardHeader title="Rules" hint="What is watched, and how it is now." />
      {rules.length === 0 ? (
        <EmptyState
          title="Nothing is watched yet"
          reason="A rule watches one figure, such as the fullest budget or the lag of the recorder, and tells your channels when it goes too far."
          action={add}
        />
      ) : (
        <GrowingTable
          caption="Rules"
          columns={onEdit ? [...ruleColumns(channels), actions] : ruleColumns(channels)}
          rows={rules}
          noun="rule"
          textOf={({ name }) => name}
          rowKey={({ ruleId }) => ruleId}
          density="comfortable"
        />
      )}
      {leaving && (
        <ConfirmDialog
          isOpen
          onOpenChange={() => setLeaving(null)}
          title={`Delete ${leaving.name}?`}
          consequence="It is watched no longer. The log of what was told stays."
          action="Delete rule"
          onConfirm={async () => {
            await sendJson(`${rulesPath}/${leaving.ruleId}`, { method: 'DELETE' })
            onChange()
          }}
        />
      )}
    </Card>
  )
}

function ruleColumns(channels: readonly ChannelRow[]): Column<RuleRow>[] {
  const nameOf = (id: string) => channels.find(({ channelId }) => channelId === id)?.name ?? 'a removed channel'
  return [
    { key: 'name', header: 'Rule', isTitle: true, cell: ({ name }) => <span className="font-medium">{name}</span> },
    { key: 'state', header: 'State', cell: (rule) => <RuleStatus rule={rule} /> },
    {
      key: 'condition',
      header: 'Tells when',
      cell: ({ metric, threshold }) =>
        `${metricFacts[metric].name} ${metricFacts[metric].firesWhen === 'above' ? '≥' : '<'} ${formatAlertValue(metric, threshold)}`,
    },
    {
      key: 'now',
      header: 'Now',
      align: 'end',
      cell: ({ metric, lastValue, lastSubject }) =>
        lastValue === null ? (
          <span className="text-muted">not measured yet</span>
        ) : (
          <span className="flex flex-col">
            {formatAlertValue(metric, lastValue)}
            {lastSubject && <span className="text-meta break-words text-muted">{cleanText(lastSubject)}</span>}
          </span>
        ),
    },
    {
      key: 'channels',
      header: 'Channels',
      cell: ({ channelIds }) =>
        channelIds.length === 0 ? (
          <span className="text-muted">this page only</span>
        ) : (
          channelIds.map(nameOf).join(', ')
        ),
    },
  ]
}

function RuleStatus({ rule: { isEnabled, firingSince, checkedAt } }: { rule: RuleRow }) {
  if (!isEnabled) return <StatusPill status="paused">off</StatusPill>
  if (firingSince)
    return (
      <span className="flex flex-wrap items-center gap-2">
        <StatusPill status="danger">firing</StatusPill>
        <span className="text-muted">
          since <RelativeTime at={firingSince} />
        </span>
      </span>
    )
  return checkedAt ? <StatusPill status="ok">well</StatusPill> : <StatusPill status="pending">waiting</StatusPill>
}
