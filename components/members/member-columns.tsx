import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import type { Column } from '@/components/ui/table'
import type { Sent } from '@/lib/sent'
import { formatExact } from '@/lib/format'
import type { Member } from '@/lib/users/members'

export type MemberRow = Sent<Member>

/** The columns of the members table; a click on a name opens that person. */
export function memberColumns(onOpen: (userId: string) => void, selfId: string): readonly Column<MemberRow>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      isTitle: true,
      cell: ({ userId, name, hasSingleSignOn }) => (
        <span className="flex flex-wrap items-center gap-2">
          <button
            type="button"
            onClick={() => onOpen(userId)}
            className="target text-left font-medium text-accent hover:underline"
          >
            {name}
          </button>
          {userId === selfId && <Badge>you</Badge>}
          {hasSingleSignOn && <Badge>single sign-on</Badge>}
        </span>
      ),
    },
    { key: 'email', header: 'E-mail address', cell: ({ email }) => <span className="break-all">{email}</span> },
    { key: 'role', header: 'Role', cell: ({ role }) => role },
    { key: 'domains', header: 'Sees', cell: Domains },
    {
      key: 'factor',
      header: 'Second factor',
      cell: SecondFactor,
    },
    { key: 'keys', header: 'Own keys', align: 'end', cell: ({ clientKeyCount }) => formatExact(clientKeyCount) },
    {
      key: 'seen',
      header: 'Last seen',
      cell: ({ lastSeenAt }) =>
        lastSeenAt ? <RelativeTime at={lastSeenAt} /> : <span className="text-muted">never</span>,
    },
    {
      key: 'status',
      header: 'Status',
      cell: ({ isActive }) => (
        <StatusPill status={isActive ? 'ok' : 'off'}>{isActive ? 'active' : 'deactivated'}</StatusPill>
      ),
    },
  ]
}

function SecondFactor({ hasSecondFactor, hasPassword }: MemberRow) {
  if (hasSecondFactor) return 'on'
  return <span className="text-muted">{hasPassword ? 'off' : 'at the provider'}</span>
}

function Domains({ role, domains }: MemberRow) {
  if (role !== 'member') return <span className="text-muted">every domain</span>
  if (domains.length === 0) return <span className="text-warn">no domain</span>
  const names = domains.map(({ domain }) => domain)
  return <span title={names.join(', ')}>{names.length > 2 ? `${names.length} domains` : names.join(', ')}</span>
}
