'use client'

import { useState, type FormEvent } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast'
import type { Sent } from '@/lib/sent'
import { formatCostUsd, formatExact, formatQuantity } from '@/lib/format'
import type { PricePreview } from '@/lib/usage/preview-price'
import { emptyDraft, fillCacheRates, priceOf, rateFields, type PriceDraft } from './price-draft'

/** BigInts arrive as numbers. */
type Preview = Omit<Sent<PricePreview>, 'costBeforeMicroUsd' | 'costAfterMicroUsd'> & {
  readonly costBeforeMicroUsd: number
  readonly costAfterMicroUsd: number
}

interface PriceFormProps {
  model: string
  onSet: () => void
}

/** Sets the price of a model from a day on, after a look at what it would change. */
export function PriceForm({ model, onSet }: PriceFormProps) {
  const [draft, setDraft] = useState(() => emptyDraft(model, new Date()))
  const [isApplied, setApplied] = useState(true)
  const [preview, setPreview] = useState<Preview | null>(null)
  const change = (patch: Partial<PriceDraft>) => {
    setDraft((before) => ({ ...before, ...patch }))
    setPreview(null)
  }
  const look = useSubmit(async () => {
    setPreview(await sendJson<Preview>('/api/price-overrides/preview', { method: 'POST', body: priceOf(draft) }))
  })
  const save = useSubmit(async () => {
    await sendJson('/api/price-overrides', { method: 'POST', body: priceOf(draft) })
    if (isApplied) {
      const body = { from: draft.from, model: draft.model }
      await sendJson('/api/usage/rerates', { method: 'POST', body })
    }
    toast.success(
      isApplied ? `${draft.model} has a price; its requests are being priced again.` : `${draft.model} has a price.`,
    )
    setDraft(emptyDraft('', new Date()))
    setPreview(null)
    onSet()
  })
  const errorOf = (field: string) => save.errorOf(field) ?? look.errorOf(field)
  const forget = (event: FormEvent) => [save, look].forEach(({ formProps }) => formProps.onInput(event))
  return (
    <form {...save.formProps} onInput={forget} className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Model" error={errorOf('model')}>
          <Input name="model" value={draft.model} onChange={(event) => change({ model: event.target.value })} />
        </Field>
        <Field label="From day (UTC)" error={errorOf('from')}>
          <Input
            name="from"
            type="date"
            value={draft.from}
            onChange={(event) => change({ from: event.target.value })}
          />
        </Field>
      </div>
      <fieldset>
        <legend className="mb-2 text-body text-muted">US dollars for a million tokens</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {rateFields.map(({ field, label }) => (
            <Field key={field} label={label} error={errorOf(`rates.${field}`)}>
              <Input
                name={`rates.${field}`}
                inputMode="decimal"
                value={draft[field]}
                onChange={(event) => change({ [field]: event.target.value })}
                onBlur={() => setDraft(fillCacheRates)}
              />
            </Field>
          ))}
        </div>
      </fieldset>
      <Checkbox
        label="Price the requests recorded since then again"
        hint="Rows, totals and conversations change by the difference. It is written to the audit log."
        checked={isApplied}
        onChange={(event) => setApplied(event.target.checked)}
      />
      {(save.error ?? look.error) && (
        <p className="text-body text-danger" role="alert">
          {save.error ?? look.error}
        </p>
      )}
      <PreviewText preview={preview} />
      <div className="flex flex-wrap gap-2">
        <Button type="button" isBusy={look.isBusy} onClick={(event) => void look.formProps.onSubmit(event)}>
          What would change?
        </Button>
        <Button type="submit" variant="primary" isBusy={save.isBusy}>
          Set the price
        </Button>
      </div>
    </form>
  )
}

function PreviewText({ preview }: { preview: Preview | null }) {
  if (!preview) return <p aria-live="polite" className="sr-only" />
  const { requests, changedRequests, unpricedBefore, unpricedAfter, isComplete } = preview
  const priced = unpricedBefore - unpricedAfter
  const costBefore = unpricedBefore === requests ? 'no known cost' : formatCostUsd(preview.costBeforeMicroUsd)
  return (
    <p aria-live="polite" className="rounded-control bg-subtle p-3 text-body">
      {requests === 0
        ? 'No recorded request used this model since then.'
        : `${formatExact(changedRequests)} of ${formatQuantity(requests, 'request')} would change${
            priced > 0 ? `, ${formatExact(priced)} of them without a price today` : ''
          }: ${costBefore} becomes ${formatCostUsd(preview.costAfterMicroUsd)}.`}
      {!isComplete && ' Only the newest requests were looked at; there are more.'}
    </p>
  )
}
