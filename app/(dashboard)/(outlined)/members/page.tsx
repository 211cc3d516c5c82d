import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { MembersView } from '@/components/members/members-view'
import { listDomains } from '@/lib/clients/domains'
import { sent } from '@/lib/sent'
import { listInvitations } from '@/lib/users/invitations'
import { listMembers } from '@/lib/users/members'

export const metadata: Metadata = { title: 'Members' }

export default async function MembersPage() {
  const { userId, role } = await requireUser('users:write')
  const [users, invitations, domains] = await Promise.all([listMembers(), listInvitations(), listDomains()])
  return (
    <MembersView
      users={sent(users)}
      invitations={sent(invitations)}
      domains={domains.map(({ domainId, domain }) => ({ domainId, domain }))}
      selfId={userId}
      mayMakeOwners={role === 'owner'}
    />
  )
}
