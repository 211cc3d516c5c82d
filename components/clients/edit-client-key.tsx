'use client'

import { useRef } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'
import type { ClientKeyRow } from './client-key-columns'
import { ModelsField } from './models-field'
import { readModels } from './read-models'

interface EditClientKeyProps {
  clientKey: ClientKeyRow
  onClose: () => void
  onSaved: () => void
}

const formId = 'edit-client-key'

/** What of a key may change while it lives. */
export function EditClientKey({ clientKey, onClose, onSaved }: EditClientKeyProps) {
  const form = useRef<HTMLFormElement>(null)
  const { formProps, isBusy, errorOf, error } = useSubmit(async () => {
    const given = new FormData(form.current ?? undefined)
    const body = { name: String(given.get('name')), allowedModels: readModels(given) }
    await sendJson(`/api/client-keys/${clientKey.clientKeyId}`, { method: 'PATCH', body })
    onSaved()
  })

  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
        Save
      </Button>
    </>
  )
  const description = 'Counts within five seconds everywhere; calls that run already go on.'
  return (
    <Dialog isOpen onOpenChange={onClose} title={`Edit ${clientKey.name}`} description={description} footer={footer}>
      <form id={formId} ref={form} {...formProps} className="flex flex-col gap-4 pb-3">
        <FormError message={error} />
        <Field label="Name" error={errorOf('name')}>
          <Input name="name" defaultValue={clientKey.name} autoComplete="off" maxLength={100} autoFocus />
        </Field>
        <ModelsField allowed={clientKey.allowedModels} error={errorOf('allowedModels')} />
      </form>
    </Dialog>
  )
}
