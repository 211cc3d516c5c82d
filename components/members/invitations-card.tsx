'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { RelativeTime } from '@/components/ui/relative-time'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import type { Sent } from '@/lib/sent'
import type { Invitation } from '@/lib/users/invitations'

export type InvitationRow = Sent<Invitation>

interface InvitationsCardProps {
  invitations: readonly InvitationRow[]
  onChanged: () => void
}

/** Links that were handed out and can still be used. */
export function InvitationsCard({ invitations, onChanged }: InvitationsCardProps) {
  const [withdrawn, setWithdrawn] = useState<InvitationRow | null>(null)
  if (invitations.length === 0) return null

  const columns: readonly Column<InvitationRow>[] = [
    { key: 'email', header: 'For', isTitle: true, cell: ({ email }) => <span className="wrap-anywhere">{email}</span> },
    { key: 'role', header: 'Role', cell: ({ role }) => role },
    { key: 'by', header: 'By', cell: ({ createdBy }) => createdBy, className: 'sm:whitespace-nowrap' },
    { key: 'made', header: 'Made', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    { key: 'ends', header: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
    {
      key: 'withdraw',
      header: <span className="sr-only">Actions</span>,
      align: 'end',
      cell: (invitation) => (
        <Button size="small" onClick={() => setWithdrawn(invitation)}>
          Withdraw
        </Button>
      ),
    },
  ]
  return (
    <Card className="mt-4 overflow-hidden">
      <CardHeader title="Open invitations" hint="Each link works once." />
      <GrowingTable
        caption="Open invitations"
        columns={columns}
        rows={invitations}
        noun="invitation"
        textOf={({ email }) => email}
        rowKey={({ invitationId }) => invitationId}
        density="comfortable"
      />
      {withdrawn && (
        <WithdrawInvitation invitation={withdrawn} onClose={() => setWithdrawn(null)} onWithdrawn={onChanged} />
      )}
    </Card>
  )
}

interface WithdrawInvitationProps {
  invitation: InvitationRow
  onClose: () => void
  onWithdrawn: () => void
}

function WithdrawInvitation({ invitation, onClose, onWithdrawn }: WithdrawInvitationProps) {
  const { invitationId, email } = invitation
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Withdraw the invitation of ${email}?`}
      consequence="Its link stops working. To let them in after all, make a new one."
      action="Withdraw"
      onConfirm={async () => {
        await sendJson(`/api/invitations/${invitationId}`, { method: 'DELETE' })
        toast.success(`The invitation of ${email} was withdrawn.`)
        onWithdrawn()
      }}
    />
  )
}
