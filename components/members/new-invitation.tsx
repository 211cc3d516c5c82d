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
import { formatTime } from '@/lib/format'
import type { Role } from '@/lib/users/permissions'
import { DomainChoice, type DomainOption } from './domain-choice'
import { RoleSelect } from './role-select'

interface NewInvitationProps {
  domains: readonly DomainOption[]
  mayMakeOwners: boolean
  onMade: () => void
  onClose: () => void
}

interface Made {
  readonly email: string
  readonly url: string
  readonly expiresAt: string
}

/** Asks whom to invite, and then shows the link, this one time. */
export function NewInvitation({ domains, mayMakeOwners, onMade, onClose }: NewInvitationProps) {
  const [given, setGiven] = useState({ email: '', role: 'member' as Role, domainIds: [] as string[] })
  const [made, setMade] = useState<Made | null>(null)
  const submit = useSubmit(async () => {
    const domainIds = given.role === 'member' ? given.domainIds : []
    const answer = await sendJson<Omit<Made, 'email'>>('/api/invitations', {
      method: 'POST',
      body: { ...given, domainIds },
    })
    setMade({ ...answer, email: given.email })
    onMade()
  })
  if (made) return <InvitationLink made={made} onClose={onClose} />
  return (
    <FormDialog
      title="Invite somebody"
      description="You get a link for them. It works once, for seven days."
      action="Make the link"
      submit={submit}
      onClose={onClose}
    >
      <Field label="E-mail address" hint="They log in with it. Nothing is sent there." error={submit.errorOf('email')}>
        <Input
          name="email"
          type="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={given.email}
          onChange={(event) => setGiven({ ...given, email: event.target.value })}
        />
      </Field>
      <RoleSelect
        role={given.role}
        onChange={(role) => setGiven({ ...given, role })}
        mayMakeOwners={mayMakeOwners}
        error={submit.errorOf('role')}
      />
      {given.role === 'member' && (
        <DomainChoice
          domains={domains}
          chosen={given.domainIds}
          onChange={(domainIds) => setGiven({ ...given, domainIds })}
        />
      )}
    </FormDialog>
  )
}

function InvitationLink({ made, onClose }: { made: Made; onClose: () => void }) {
  const shownIn = useRef<HTMLElement>(null)
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`The link for ${made.email}`}
      description="Copy it now and hand it over: only its hash is stored, so it cannot be shown again."
      footer={<Button onClick={onClose}>Done</Button>}
      isShownOnce
    >
      <div className="flex flex-col items-start gap-3 pb-3">
        <code ref={shownIn} className="rounded-control bg-subtle px-2 py-1.5 text-body break-all" data-secret>
          {made.url}
        </code>
        <CopyButton text={made.url} label="Copy link" shownIn={shownIn} size="medium" />
        <p className="text-body text-muted">It ends on {formatTime(made.expiresAt)}.</p>
      </div>
    </Dialog>
  )
}
