'use client'

import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { MadeClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'
import { ModelsField } from './models-field'
import { readModels } from './read-models'

interface NewClientKeyProps {
  domainId: string
  domain: string
  onClose: () => void
  onMade: (made: Sent<MadeClientKey>) => void
}

const lifetimes = [
  { days: 0, label: 'Never' },
  { days: 7, label: 'In 7 days' },
  { days: 30, label: 'In 30 days' },
  { days: 90, label: 'In 90 days' },
  { days: 365, label: 'In a year' },
]

export function NewClientKey({ domainId, domain, onClose, onMade }: NewClientKeyProps) {
  const submit = useSubmit(async (given) => {
    const days = Number(given.get('days'))
    const expiresAt = days > 0 ? new Date(Date.now() + days * 86_400_000).toISOString() : null
    const body = { domainId, name: String(given.get('name')), expiresAt, allowedModels: readModels(given) }
    const ownerEmail = String(given.get('ownerEmail') ?? '') || undefined
    onMade(await sendJson<Sent<MadeClientKey>>('/api/client-keys', { method: 'POST', body: { ...body, ownerEmail } }))
  })

  return (
    <FormDialog
      title="New client key"
      description={`Lets a client use the proxy as ${domain}.`}
      action="Create key"
      submit={submit}
      onClose={onClose}
    >
      <Field
        label="Name"
        error={submit.errorOf('name')}
        hint="Who or what uses it. One key a person or service, so that each can be revoked alone."
      >
        <Input name="name" autoComplete="off" maxLength={100} placeholder="Ada’s laptop" autoFocus />
      </Field>
      <Field
        label="Belongs to"
        error={submit.errorOf('ownerEmail')}
        hint="E-mail address of a member: the key ends when they are deactivated. Empty: it belongs to the domain."
      >
        <Input name="ownerEmail" type="email" autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Field>
      <Field label="Expires" error={submit.errorOf('expiresAt')}>
        <Select name="days" defaultValue="0">
          {lifetimes.map(({ days, label }) => (
            <option key={days} value={days}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <ModelsField error={submit.errorOf('allowedModels')} />
    </FormDialog>
  )
}
