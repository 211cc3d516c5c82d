'use client'

import { useRef } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Select } from '@/components/ui/select'
import type { MadeClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/clients/sent'
import type { ClientKeyRow } from './client-key-columns'

interface RotateClientKeyProps {
  clientKey: ClientKeyRow
  onClose: () => void
  onMade: (made: Sent<MadeClientKey>) => void
}

const overlaps = [
  { hours: 0, label: 'Ends now' },
  { hours: 1, label: '1 hour' },
  { hours: 24, label: '24 hours' },
  { hours: 168, label: '7 days' },
  { hours: 720, label: '30 days' },
]

const formId = 'rotate-client-key'

/** A new key in the place of an old one, which works on for a while. */
export function RotateClientKey({ clientKey, onClose, onMade }: RotateClientKeyProps) {
  const form = useRef<HTMLFormElement>(null)
  const { formProps, isBusy, errorOf, error } = useSubmit(async () => {
    const given = new FormData(form.current ?? undefined)
    const body = { overlapHours: Number(given.get('hours')) }
    const path = `/api/client-keys/${clientKey.clientKeyId}/rotate`
    onMade(await sendJson<Sent<MadeClientKey>>(path, { method: 'POST', body }))
  })

  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
        Rotate
      </Button>
    </>
  )
  const description =
    'You get a new key. The old one works on for the time you choose, so that clients can change over.'
  return (
    <Dialog isOpen onOpenChange={onClose} title={`Rotate ${clientKey.name}`} description={description} footer={footer}>
      <form id={formId} ref={form} {...formProps} className="flex flex-col gap-4 pb-3">
        <FormError message={error} />
        <Field label="The old key works on for" error={errorOf('overlapHours')}>
          <Select name="hours" defaultValue="24">
            {overlaps.map(({ hours, label }) => (
              <option key={hours} value={hours}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </form>
    </Dialog>
  )
}
