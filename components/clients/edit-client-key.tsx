'use client'

import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { ClientKeyRow } from './client-key-columns'
import { ModelsField } from './models-field'
import { readModels } from './read-models'

interface EditClientKeyProps {
  clientKey: ClientKeyRow
  onClose: () => void
  onSaved: () => void
}

/** What of a key may change while it lives. */
export function EditClientKey({ clientKey, onClose, onSaved }: EditClientKeyProps) {
  const submit = useSubmit(async (given) => {
    const body = { name: String(given.get('name')), allowedModels: readModels(given) }
    await sendJson(`/api/client-keys/${clientKey.clientKeyId}`, { method: 'PATCH', body })
    onSaved()
  })

  const description = 'Counts within five seconds everywhere; calls that run already go on.'
  return (
    <FormDialog
      title={`Edit ${clientKey.name}`}
      description={description}
      action="Save"
      submit={submit}
      onClose={onClose}
    >
      <Field label="Name" error={submit.errorOf('name')}>
        <Input name="name" defaultValue={clientKey.name} autoComplete="off" maxLength={100} autoFocus />
      </Field>
      <ModelsField allowed={clientKey.allowedModels} error={submit.errorOf('allowedModels')} />
    </FormDialog>
  )
}
