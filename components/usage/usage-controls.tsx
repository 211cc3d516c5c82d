'use client'

import { useId } from 'react'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/checkbox'
import { bucketNames, type BucketName } from '@/lib/usage/usage-buckets'
import { metricKinds, usageMetrics, type UsageMetric } from '@/lib/usage/usage-metrics'
import { groupChoices, type GroupChoice, type UsageQueryState } from './use-usage-query'

export const groupNames: Record<GroupChoice, string> = {
  model: 'Model',
  domain: 'Domain',
  clientKeyId: 'Client key',
  accountId: 'Account',
  kind: 'Kind of request',
  tokenKind: 'Kind of token',
  nothing: 'All together',
}
const groupOrder = [
  'model',
  'domain',
  'clientKeyId',
  'accountId',
  'kind',
  'tokenKind',
  'nothing',
] as const satisfies (typeof groupChoices)[number][]

const bucketLabels: Record<BucketName, string> = {
  '5m': '5 minutes',
  '15m': '15 minutes',
  hour: 'Hour',
  '6h': '6 hours',
  day: 'Day',
  week: 'Week',
  total: 'One bar',
}

interface UsageControlsProps {
  state: UsageQueryState
  /** What the server chose. */
  bucket: BucketName
}

/** What is measured, how it is told apart, how finely it is cut. */
export function UsageControls({ state, bucket }: UsageControlsProps) {
  const { metric, group, compare, cumulative, change } = state
  const { isSum } = metricKinds[metric]
  const groups = groupOrder.filter((one) => one !== 'tokenKind' || metric === 'tokens')
  return (
    <div className="mb-3 flex flex-wrap items-end gap-x-3 gap-y-2">
      <Choice label="Measure" value={metric} onChoose={(value) => void change({ metric: value as UsageMetric })}>
        {usageMetrics.map((one) => (
          <option key={one} value={one}>
            {metricKinds[one].name}
          </option>
        ))}
      </Choice>
      <Choice
        label="By"
        value={groups.includes(group as never) ? group : 'nothing'}
        onChoose={(value) => void change({ group: value as GroupChoice })}
      >
        {groups.map((one) => (
          <option key={one} value={one}>
            {groupNames[one]}
          </option>
        ))}
      </Choice>
      <Choice
        label="Per"
        value={state.bucket ?? ''}
        onChoose={(value) => void change({ bucket: (value || null) as BucketName | null })}
      >
        <option value="">Fitting ({bucketLabels[bucket].toLowerCase()})</option>
        {bucketNames.map((one) => (
          <option key={one} value={one}>
            {bucketLabels[one]}
          </option>
        ))}
      </Choice>
      <Switch
        label="Running total"
        checked={cumulative && isSum}
        disabled={!isSum}
        onChange={(event) => void change({ cumulative: event.target.checked || null })}
        className="min-h-8 items-center"
      />
      <Switch
        label="Period before"
        checked={compare && isSum}
        disabled={!isSum}
        onChange={(event) => void change({ compare: event.target.checked || null })}
        className="min-h-8 items-center"
      />
    </div>
  )
}

interface ChoiceProps {
  label: string
  value: string
  onChoose: (value: string) => void
  children: React.ReactNode
}

function Choice({ label, value, onChoose, children }: ChoiceProps) {
  const id = useId()
  return (
    <div className="flex items-center gap-2 text-control">
      <label htmlFor={id} className="text-secondary">
        {label}
      </label>
      <Select
        id={id}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
        className="w-auto [&_select]:min-h-8 pointer-coarse:[&_select]:min-h-10 [&_select]:py-0.5"
      >
        {children}
      </Select>
    </div>
  )
}
