'use client'

import { useRef, useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { channelsPath, type ChannelRow } from './alert-rows'

type Kind = ChannelRow['kind']

/** What an address looks like. */
const addresses: Readonly<Record<Kind, string>> = {
  webhook: 'https://alerts.example.com/nexus',
  slack: 'https://hooks.slack.com/services/…',
}

interface NewChannelProps {
  onClose: () => void
  onMade: () => void
}

/** Adds a channel; the secret of a webhook is shown this one time. */
export function NewChannel({ onClose, onMade }: NewChannelProps) {
  const [kind, setKind] = useState<Kind>('webhook')
  const [secret, setSecret] = useState<string | null>(null)
  const submit = useSubmit(async (given) => {
    const body = Object.fromEntries(given)
    const made = await sendJson<{ secret: string | null }>(channelsPath, { method: 'POST', body })
    onMade()
    if (made.secret === null) onClose()
    else setSecret(made.secret)
  })
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} />
  return (
    <FormDialog
      title="New channel"
      description="Where alerts are sent."
      action="Add channel"
      submit={submit}
      onClose={onClose}
    >
      <Field label="Kind" error={submit.errorOf('kind')}>
        <Select name="kind" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          <option value="webhook">Webhook: signed JSON</option>
          <option value="slack">Slack: an incoming webhook of a channel</option>
        </Select>
      </Field>
      <Field label="Name" error={submit.errorOf('name')}>
        <Input name="name" autoComplete="off" maxLength={100} placeholder="On call" />
      </Field>
      <Field
        label="Address"
        error={submit.errorOf('url')}
        hint="Stored encrypted and not shown again: whoever knows it can write there."
      >
        <Input name="url" type="url" autoComplete="off" spellCheck={false} placeholder={addresses[kind]} />
      </Field>
    </FormDialog>
  )
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const shownIn = useRef<HTMLElement>(null)
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="The secret of this webhook"
      description="Copy it now; it is not shown again."
      isShownOnce
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-3 pb-3">
        <div className="flex flex-wrap items-center gap-2">
          <code ref={shownIn} className="min-w-0 rounded-control bg-subtle px-2 py-1.5 text-body break-all" data-secret>
            {secret}
          </code>
          <CopyButton text={secret} label="Copy secret" shownIn={shownIn} size="medium" />
        </div>
        <p className="text-body text-secondary">
          Each message carries <code>x-nexus-signature: t=…,v1=…</code>, where v1 is the HMAC-SHA256 of{' '}
          <code>{'<t>.<body>'}</code> with this secret. Refuse a message whose signature differs or whose t is old.
        </p>
      </div>
    </Dialog>
  )
}
