'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Sheet } from '@/components/ui/dialog'
import { FormError } from '@/components/ui/form-error'
import { toast } from '@/components/ui/toast'
import { formatQuantity } from '@/lib/format'
import { DomainChoice, type DomainOption } from './domain-choice'
import type { MemberRow } from './member-columns'
import { RoleSelect } from './role-select'
import { roleDifference } from './role-words'

interface MemberSheetProps {
  member: MemberRow
  domains: readonly DomainOption[]
  isSelf: boolean
  mayMakeOwners: boolean
  onChanged: () => void
  onClose: () => void
}

const formId = 'member'

/** Role, domains and whether somebody may log in at all. */
export function MemberSheet(props: MemberSheetProps) {
  const { member, domains, isSelf, mayMakeOwners, onChanged, onClose } = props
  const [role, setRole] = useState(member.role)
  const [domainIds, setDomainIds] = useState(member.domains.map(({ domainId }) => domainId))
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    const body = { ...(role !== member.role && { role }), ...(role === 'member' && { domainIds }) }
    if (Object.keys(body).length === 0) return onClose()
    await sendJson(`/api/users/${member.userId}`, { method: 'PATCH', body })
    toast.success(`${member.name} was changed.`)
    onChanged()
    onClose()
  })
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
        Save
      </Button>
    </>
  )
  return (
    <Sheet isOpen onOpenChange={onClose} title={member.name} description={member.email} footer={footer}>
      <form id={formId} {...formProps} className="flex flex-col gap-5 pb-3">
        <FormError message={error} />
        <RoleSelect
          role={role}
          onChange={setRole}
          mayMakeOwners={mayMakeOwners}
          isDisabled={isSelf || (member.role === 'owner' && !mayMakeOwners)}
          error={errorOf('role')}
        />
        <Difference before={member.role} after={role} />
        {role === 'member' && <DomainChoice domains={domains} chosen={domainIds} onChange={setDomainIds} />}
      </form>
      {!isSelf && <Activity member={member} onChanged={onChanged} onClose={onClose} />}
    </Sheet>
  )
}

function Difference({ before, after }: { before: MemberRow['role']; after: MemberRow['role'] }) {
  const { gains, loses } = roleDifference(before, after)
  if (gains.length + loses.length === 0) return null
  return (
    <div className="rounded-card bg-subtle p-3 text-body">
      {gains.length > 0 && <p>They will be able to {gains.join(', ')}.</p>}
      {loses.length > 0 && <p>They will no longer {loses.join(', ')}.</p>}
      <p className="text-muted">Their logins end; they log in again with the new role.</p>
    </div>
  )
}

function Activity({ member, onChanged, onClose }: Pick<MemberSheetProps, 'member' | 'onChanged' | 'onClose'>) {
  const [isAsking, setIsAsking] = useState(false)
  const { userId, name, isActive, loginCount, clientKeyCount } = member

  async function setActive(next: boolean) {
    await sendJson(`/api/users/${userId}`, { method: 'PATCH', body: { isActive: next } })
    toast.success(next ? `${name} may log in again.` : `${name} was deactivated.`)
    onChanged()
    onClose()
  }

  return (
    <section className="flex flex-col items-start gap-2 border-t border-line pt-4 pb-3">
      <h3 className="text-control font-medium">{isActive ? 'Deactivate' : 'Deactivated'}</h3>
      <p className="text-body text-muted">
        {isActive
          ? 'Ends every login and every client key of theirs within seconds. What was recorded stays.'
          : 'They cannot log in. Client keys that ended stay ended.'}
      </p>
      {isActive ? (
        <Button variant="danger" onClick={() => setIsAsking(true)}>
          Deactivate {name}
        </Button>
      ) : (
        <Button onClick={() => setActive(true).catch(toast.failure)}>Let {name} log in again</Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Deactivate ${name}?`}
        consequence={`Ends ${formatQuantity(loginCount, 'login')} and revokes ${formatQuantity(clientKeyCount, 'client key')}. Clients that use such a key stop working.`}
        action="Deactivate"
        onConfirm={() => setActive(false)}
      />
    </section>
  )
}
