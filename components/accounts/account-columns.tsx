import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { IdText } from '@/components/requests/id-text'
import { Badge } from '@/components/ui/badge'
import { DropdownMenu, MenuItem, MenuSeparator } from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Column } from '@/components/ui/table'
import { formatCount, formatExact } from '@/lib/format'
import { AccountStatus, LastError, type AccountRow } from './account-status'
import { WindowBars } from './window-bars'

export interface AccountActions {
  onEdit: (account: AccountRow) => void
  onTest: (account: AccountRow) => void
  onPause: (account: AccountRow) => void
  onClearHealth: (account: AccountRow) => void
  onDelete: (account: AccountRow) => void
}

const kindNames: Record<AccountRow['kind'], string> = { api_key: 'API key', oauth: 'Stored login' }

/** `actions` is null for those who may only look. */
export function accountColumns(actions: AccountActions | null): Column<AccountRow>[] {
  const columns: Column<AccountRow>[] = [
    {
      key: 'name',
      header: 'Name',
      isTitle: true,
      cell: (account) => <AccountName account={account} actions={actions} />,
    },
    {
      key: 'kind',
      header: 'Credential',
      cell: (account) => <Credential account={account} />,
    },
    { key: 'domains', header: 'Domains', cell: ({ domains }) => <Domains domains={domains} /> },
    { key: 'status', header: 'Status', cell: (account) => <AccountStatus account={account} /> },
    { key: 'error', header: 'Last error', cell: (account) => <LastError account={account} /> },
    { key: 'windows', header: 'Windows', cell: ({ windows }) => <WindowBars windows={windows} /> },
    {
      key: 'requests',
      header: 'Requests, 24 h',
      align: 'end',
      cell: ({ requestCount24h }) => <span title={formatExact(requestCount24h)}>{formatCount(requestCount24h)}</span>,
    },
    {
      key: 'used',
      header: 'Last used',
      cell: ({ lastUsedAt }) =>
        lastUsedAt ? <RelativeTime at={lastUsedAt} /> : <span className="text-muted">never</span>,
    },
  ]
  if (actions)
    columns.push({
      key: 'actions',
      header: <span className="sr-only">Actions</span>,
      align: 'end',
      cell: (account) => <ActionsMenu account={account} actions={actions} />,
    })
  return columns
}

function AccountName({ account, actions }: { account: AccountRow; actions: AccountActions | null }) {
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 wrap-anywhere sm:min-w-40">
      {actions ? (
        <button
          type="button"
          className="target text-left font-medium text-accent hover:underline"
          onClick={() => actions.onEdit(account)}
        >
          {account.name}
        </button>
      ) : (
        <span className="font-medium">{account.name}</span>
      )}
      {account.source === 'file' && <Badge>file</Badge>}
      <AccountId accountId={account.accountId} />
    </span>
  )
}

function Credential({ account: { kind, last4, login } }: { account: AccountRow }) {
  return (
    <span>
      <span className="whitespace-nowrap">
        {kindNames[kind]} <span className="font-mono text-muted">…{last4}</span>
      </span>
      {login && (
        <span className="block text-muted">
          {login.expiresAt ? (
            <>
              token ends <RelativeTime at={login.expiresAt} />
            </>
          ) : (
            'token does not say when it ends'
          )}
          {login.canRefresh ? ', refreshes itself' : ', cannot refresh itself'}
        </span>
      )}
    </span>
  )
}

function AccountId({ accountId }: { accountId: string }) {
  return (
    <span className="block w-full text-muted">
      <span className="block max-w-48">
        <IdText name="the account's id" id={accountId} />
      </span>
    </span>
  )
}

function Domains({ domains }: { domains: AccountRow['domains'] }) {
  if (domains.length === 0) return <span className="text-warn">none: not used yet</span>
  return (
    <span className="inline-flex max-w-52 flex-wrap gap-x-2">
      {domains.slice(0, 3).map(({ domainId, domain }) => (
        <Link
          key={domainId}
          href={`/domains/${domainId}`}
          title={domain}
          className="max-w-full truncate text-accent hover:underline"
        >
          {domain}
        </Link>
      ))}
      {domains.length > 3 && <span className="text-muted">and {domains.length - 3} more</span>}
    </span>
  )
}

function ActionsMenu({ account, actions }: { account: AccountRow; actions: AccountActions }) {
  const trigger = (
    <IconButton label={`Actions for ${account.name}`}>
      <Ellipsis />
    </IconButton>
  )
  return (
    <DropdownMenu trigger={trigger}>
      <MenuItem onSelect={() => actions.onEdit(account)}>Edit</MenuItem>
      <MenuItem onSelect={() => actions.onTest(account)}>Test</MenuItem>
      <MenuItem onSelect={() => actions.onPause(account)}>{account.status === 'paused' ? 'Resume' : 'Pause'}</MenuItem>
      {(['cooling', 'failing', 'needs_login'].includes(account.status) || account.restingFor.length > 0) && (
        <MenuItem onSelect={() => actions.onClearHealth(account)}>Use again now</MenuItem>
      )}
      <MenuSeparator />
      <MenuItem tone="danger" onSelect={() => actions.onDelete(account)}>
        Delete
      </MenuItem>
    </DropdownMenu>
  )
}
