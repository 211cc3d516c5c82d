'use client'

import { useState } from 'react'
import useSWR from 'swr'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { GrowingTable } from '@/components/ui/growing-table'
import type { DomainOption } from './domain-choice'
import { InvitationsCard, type InvitationRow } from './invitations-card'
import { memberColumns, type MemberRow } from './member-columns'
import { MemberSheet } from './member-sheet'
import { NewInvitation } from './new-invitation'

interface MembersViewProps {
  users: readonly MemberRow[]
  invitations: readonly InvitationRow[]
  domains: readonly DomainOption[]
  selfId: string
  mayMakeOwners: boolean
}

export function MembersView({ users, invitations, domains, selfId, mayMakeOwners }: MembersViewProps) {
  const members = useSWR<{ users: readonly MemberRow[] }>('/api/users', { fallbackData: { users } })
  const invited = useSWR<{ invitations: readonly InvitationRow[] }>('/api/invitations', {
    fallbackData: { invitations },
  })
  const [isInviting, setIsInviting] = useState(false)
  const [openId, setOpenId] = useState<string | null>(null)
  const rows = members.data?.users ?? users
  const open = rows.find(({ userId }) => userId === openId)
  const readAgain = () => void Promise.all([members.mutate(), invited.mutate()])
  return (
    <>
      <PageHeader
        title="Members"
        description="Who may log in here, and what they see."
        actions={
          <Button variant="primary" onClick={() => setIsInviting(true)}>
            Invite somebody
          </Button>
        }
      />
      <Card className="overflow-hidden">
        <GrowingTable
          caption="Members"
          columns={memberColumns(setOpenId, selfId)}
          rows={rows}
          noun="member"
          textOf={({ name, email }) => `${name} ${email}`}
          rowKey={({ userId }) => userId}
          density="comfortable"
        />
      </Card>
      <InvitationsCard invitations={invited.data?.invitations ?? invitations} onChanged={readAgain} />
      {isInviting && (
        <NewInvitation
          domains={domains}
          mayMakeOwners={mayMakeOwners}
          onMade={readAgain}
          onClose={() => setIsInviting(false)}
        />
      )}
      {open && (
        <MemberSheet
          member={open}
          domains={domains}
          isSelf={open.userId === selfId}
          mayMakeOwners={mayMakeOwners}
          onChanged={readAgain}
          onClose={() => setOpenId(null)}
        />
      )}
    </>
  )
}
