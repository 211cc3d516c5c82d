'use client'

import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { MadeClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'
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

/** A new key in the place of an old one, which works on for a while. */
export function RotateClientKey({ clientKey, onClose, onMade }: RotateClientKeyProps) {
  const submit = useSubmit(async (given) => {
    const body = { overlapHours: Number(given.get('hours')) }
    const path = `/api/client-keys/${clientKey.clientKeyId}/rotate`
    onMade(await sendJson<Sent<MadeClientKey>>(path, { method: 'POST', body }))
  })

  const description =
    'You get a new key. The old one works on for the time you choose, so that clients can change over.'
  return (
    <FormDialog
      title={`Rotate ${clientKey.name}`}
      description={description}
      action="Rotate"
      submit={submit}
      onClose={onClose}
    >
      <Field label="The old key works on for" error={submit.errorOf('overlapHours')}>
        <Select name="hours" defaultValue="24">
          {overlaps.map(({ hours, label }) => (
            <option key={hours} value={hours}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  )
}
