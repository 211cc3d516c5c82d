'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { alertMetrics, metricFacts, type AlertMetric } from '@/lib/alerts/alert-metrics'
import { rulesPath, type ChannelRow, type RuleRow } from './alert-rows'
import { RulePreview } from './rule-preview'

interface RuleSheetProps {
  /** null = a new one. */
  rule: RuleRow | null
  channels: readonly ChannelRow[]
  onClose: () => void
  onSaved: () => void
}

const repeats = [
  { minutes: 60, label: 'Every hour' },
  { minutes: 240, label: 'Every 4 hours' },
  { minutes: 1_440, label: 'Once a day' },
]

interface Draft {
  metric: AlertMetric
  name: string
  threshold: string
  repeatMinutes: number
  channelIds: readonly string[]
  isEnabled: boolean
}

function draftOf(rule: RuleRow | null, channels: readonly ChannelRow[]): Draft {
  if (rule) return { ...rule, threshold: String(rule.threshold) }
  const metric = 'budget_used'
  const { name, suggested } = metricFacts[metric]
  const channelIds = channels.map(({ channelId }) => channelId)
  return { metric, name, threshold: String(suggested), repeatMinutes: 240, channelIds, isEnabled: true }
}

/** Makes or changes a rule, and shows what it would have done. */
export function RuleSheet({ rule, channels, onClose, onSaved }: RuleSheetProps) {
  const [draft, setDraft] = useState(() => draftOf(rule, channels))
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const { metric, threshold, ...rest } = draft
  const submit = useSubmit(async () => {
    const body = { ...bodyOf(rest), threshold: threshold.trim() === '' ? null : Number(threshold) }
    if (rule) await sendJson(`${rulesPath}/${rule.ruleId}`, { method: 'PATCH', body })
    else await sendJson(rulesPath, { method: 'POST', body: { ...body, metric } })
    onSaved()
  })
  return (
    <FormDialog
      title={rule ? rule.name : 'New rule'}
      isSheet
      action={rule ? 'Save rule' : 'Create rule'}
      submit={submit}
      onClose={onClose}
    >
      <MetricField metric={metric} isFixed={rule !== null} onChange={change} />
      <Field label="Name" error={submit.errorOf('name')}>
        <Input
          name="name"
          value={draft.name}
          maxLength={100}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field
        label={`Tell ${metricFacts[metric].firesWhen === 'above' ? 'from' : 'below'} (${metricFacts[metric].unit})`}
        error={submit.errorOf('threshold') && 'Enter a number of 0 or more.'}
      >
        <Input
          name="threshold"
          inputMode="decimal"
          value={threshold}
          onChange={(event) => change({ threshold: event.target.value })}
        />
      </Field>
      <RulePreview metric={metric} threshold={threshold} />
      <Field label="While it goes on, tell again" error={submit.errorOf('repeatMinutes')}>
        <Select
          name="repeatMinutes"
          value={draft.repeatMinutes}
          onChange={(event) => change({ repeatMinutes: Number(event.target.value) })}
        >
          {repeats.map(({ minutes, label }) => (
            <option key={minutes} value={minutes}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <ChannelChoice channels={channels} chosen={draft.channelIds} onChange={(channelIds) => change({ channelIds })} />
      <Checkbox
        name="isEnabled"
        label="Watch it"
        checked={draft.isEnabled}
        onChange={(event) => change({ isEnabled: event.target.checked })}
      />
    </FormDialog>
  )
}

const bodyOf = ({ name, repeatMinutes, channelIds, isEnabled }: Omit<Draft, 'metric' | 'threshold'>) => ({
  name,
  repeatMinutes,
  channelIds,
  isEnabled,
})

interface MetricFieldProps {
  metric: AlertMetric
  isFixed: boolean
  onChange: (changes: Partial<Draft>) => void
}

/** Another figure has another usual bound and name. */
function MetricField({ metric, isFixed, onChange }: MetricFieldProps) {
  const choose = (chosen: AlertMetric) =>
    onChange({ metric: chosen, name: metricFacts[chosen].name, threshold: String(metricFacts[chosen].suggested) })
  return (
    <Field label="What is watched" hint={metricFacts[metric].explains}>
      <Select
        name="metric"
        value={metric}
        disabled={isFixed}
        onChange={(event) => choose(event.target.value as AlertMetric)}
      >
        {alertMetrics.map((one) => (
          <option key={one} value={one}>
            {metricFacts[one].name}
          </option>
        ))}
      </Select>
    </Field>
  )
}

interface ChannelChoiceProps {
  channels: readonly ChannelRow[]
  chosen: readonly string[]
  onChange: (channelIds: readonly string[]) => void
}

function ChannelChoice({ channels, chosen, onChange }: ChannelChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-control font-medium">Channels</legend>
      {channels.length === 0 && (
        <p className="text-body text-muted">There is no channel yet: this rule will be seen on this page alone.</p>
      )}
      {channels.map(({ channelId, name, host }) => (
        <Checkbox
          key={channelId}
          label={name}
          hint={host}
          checked={chosen.includes(channelId)}
          onChange={(event) =>
            onChange(event.target.checked ? [...chosen, channelId] : chosen.filter((id) => id !== channelId))
          }
        />
      ))}
    </fieldset>
  )
}
