'use client'

import { useRef, useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
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

const formId = 'new-invitation'

/** Asks whom to invite, and then shows the link, this one time. */
export function NewInvitation({ domains, mayMakeOwners, onMade, onClose }: NewInvitationProps) {
  const [given, setGiven] = useState({ email: '', role: 'member' as Role, domainIds: [] as string[] })
  const [made, setMade] = useState<Made | null>(null)
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    const domainIds = given.role === 'member' ? given.domainIds : []
    const answer = await sendJson<Omit<Made, 'email'>>('/api/invitations', {
      method: 'POST',
      body: { ...given, domainIds },
    })
    setMade({ ...answer, email: given.email })
    onMade()
  })
  if (made) return <InvitationLink made={made} onClose={onClose} />
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
        Make the link
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Invite somebody"
      description="You get a link for them. It works once, for seven days."
      footer={footer}
    >
      <form id={formId} {...formProps} className="flex flex-col gap-4 pb-3">
        <FormError message={error} />
        <Field label="E-mail address" hint="They log in with it. Nothing is sent there." error={errorOf('email')}>
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
          error={errorOf('role')}
        />
        {given.role === 'member' && (
          <DomainChoice
            domains={domains}
            chosen={given.domainIds}
            onChange={(domainIds) => setGiven({ ...given, domainIds })}
          />
        )}
      </form>
    </Dialog>
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
