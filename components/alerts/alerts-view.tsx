'use client'

import { useState } from 'react'
import useSWR from 'swr'
import { fetchJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { channelsPath, deliveriesPath, rulesPath, type ChannelRow, type DeliveryRow, type RuleRow } from './alert-rows'
import { ChannelsCard } from './channels-card'
import { DeliveriesCard } from './deliveries-card'
import { RuleSheet } from './rule-sheet'
import { RulesCard } from './rules-card'

interface AlertsViewProps {
  initial: { rules: readonly RuleRow[]; channels: readonly ChannelRow[]; deliveries: readonly DeliveryRow[] }
  mayWrite: boolean
}

const refreshInterval = 15_000

/** What is watched, where it is told, and what was told. */
export function AlertsView({ initial, mayWrite }: AlertsViewProps) {
  const rules = useSWR(rulesPath, fetchJson<Pick<AlertsViewProps['initial'], 'rules'>>, {
    fallbackData: initial,
    refreshInterval,
  })
  const channels = useSWR(channelsPath, fetchJson<Pick<AlertsViewProps['initial'], 'channels'>>, {
    fallbackData: initial,
    refreshInterval,
  })
  const deliveries = useSWR(deliveriesPath, fetchJson<Pick<AlertsViewProps['initial'], 'deliveries'>>, {
    fallbackData: initial,
    refreshInterval,
  })
  /** null = closed; 'new' = a rule to be made. */
  const [edited, setEdited] = useState<RuleRow | 'new' | null>(null)
  const refresh = () => void Promise.all([rules.mutate(), channels.mutate(), deliveries.mutate()])
  const add = mayWrite && (
    <Button variant="primary" onClick={() => setEdited('new')}>
      New rule
    </Button>
  )
  const listedChannels = channels.data?.channels ?? initial.channels
  const listedRules = rules.data?.rules ?? initial.rules
  return (
    <>
      <PageHeader
        title="Alerts"
        description="Tells you by webhook or Slack before somebody else does. Every figure is looked at twice a minute."
        actions={listedRules.length > 0 && add}
      />
      <div className="flex flex-col gap-4">
        <RulesCard
          rules={listedRules}
          channels={listedChannels}
          add={add}
          onEdit={mayWrite ? setEdited : null}
          onChange={refresh}
        />
        <ChannelsCard channels={listedChannels} mayWrite={mayWrite} onChange={refresh} />
        <DeliveriesCard deliveries={deliveries.data?.deliveries ?? initial.deliveries} />
      </div>
      {edited && (
        <RuleSheet
          rule={edited === 'new' ? null : edited}
          channels={listedChannels}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null)
            refresh()
          }}
        />
      )}
    </>
  )
}
