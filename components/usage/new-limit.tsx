'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { limitMetrics, metricNames, spendPeriodOf, type LimitMetric, type LimitScope } from '@/lib/usage/limit-kinds'
import { LimitSubjectFields } from './limit-subject-fields'
import { readAmount } from './prepare-limits'

export interface LimitSubject {
  readonly scope: LimitScope
  readonly scopeId: string
}

interface NewLimitProps {
  /** null = the form asks whom the limit is for. */
  subject: LimitSubject | null
  onSet: () => void
  onClose: () => void
}

/** Sets one limit, or a budget that refuses nobody. */
export function NewLimit({ subject, onSet, onClose }: NewLimitProps) {
  const [chosen, setChosen] = useState<LimitSubject>(subject ?? { scope: 'all', scopeId: '' })
  const [metric, setMetric] = useState<LimitMetric>('spend_per_month')
  const [amount, setAmount] = useState('')
  const [isEnforced, setEnforced] = useState(true)
  const isMoney = spendPeriodOf(metric) !== null
  const submit = useSubmit(async () => {
    const body = { ...chosen, metric, amount: readAmount(metric, amount), isEnforced: isEnforced || !isMoney }
    await sendJson('/api/limits', { method: 'POST', body })
    onSet()
  })
  const { errorOf } = submit
  return (
    <FormDialog title="Set a limit" action="Set the limit" submit={submit} onClose={onClose}>
      {!subject && <LimitSubjectFields chosen={chosen} onChange={setChosen} error={errorOf('scopeId')} />}
      <Field label="What" error={errorOf('metric')}>
        <Select name="metric" value={metric} onChange={(event) => setMetric(event.target.value as LimitMetric)}>
          {limitMetrics.map((one) => (
            <option key={one} value={one}>
              {metricNames[one]}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={isMoney ? 'US dollars' : 'At most'}
        hint={hintOf(metric)}
        error={errorOf('amount') && 'Write a number above 0.'}
      >
        <Input name="amount" inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
      </Field>
      {isMoney && (
        <Field label="When it is reached" error={errorOf('isEnforced')}>
          <Select
            name="isEnforced"
            value={String(isEnforced)}
            onChange={(event) => setEnforced(event.target.value === 'true')}
          >
            <option value="true">Limit: further calls are refused (429)</option>
            <option value="false">Budget: it is shown, nobody is refused</option>
          </Select>
        </Field>
      )}
    </FormDialog>
  )
}

function hintOf(metric: LimitMetric): string {
  if (metric === 'input_tokens_per_minute')
    return 'Uncached input and cache writes, as Claude counts them; cache reads are free.'
  if (metric === 'concurrent_requests') return 'Calls that run at the same moment.'
  if (metric === 'requests_per_minute') return 'In any 60 seconds. Counting tokens and listing models is free.'
  return 'Days, weeks from Monday and months are those of UTC.'
}
