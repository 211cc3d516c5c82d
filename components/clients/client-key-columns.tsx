import { Ellipsis } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { DropdownMenu, MenuItem, MenuSeparator } from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill, type Status } from '@/components/ui/status-pill'
import type { Column } from '@/components/ui/table'
import type { ListedClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'

export type ClientKeyRow = Sent<ListedClientKey>

interface ClientKeyActions {
  onRotate: (key: ClientKeyRow) => void
  onRevoke: (key: ClientKeyRow) => void
  onEdit: (key: ClientKeyRow) => void
}

const looks: Record<ClientKeyRow['status'], { status: Status; word: string }> = {
  active: { status: 'ok', word: 'Active' },
  expiring: { status: 'warn', word: 'Expiring' },
  expired: { status: 'off', word: 'Expired' },
  revoked: { status: 'danger', word: 'Revoked' },
}

/** `actions` is null for those who may only look. */
export function clientKeyColumns(actions: ClientKeyActions | null): Column<ClientKeyRow>[] {
  const columns: Column<ClientKeyRow>[] = [
    {
      key: 'name',
      header: 'Name',
      isTitle: true,
      cell: ({ name, owner, source, allowedModels }) => (
        <span className="inline-flex flex-wrap items-center gap-1.5 wrap-anywhere">
          <span className="font-medium sm:min-w-24">{name}</span>
          {source === 'file' && <Badge>file</Badge>}
          {owner && <Badge tone="accent">{owner}</Badge>}
          {allowedModels.length > 0 && (
            <span className="w-full font-normal text-muted">{allowedModels.join(', ')}</span>
          )}
        </span>
      ),
    },
    {
      key: 'key',
      header: 'Key',
      cell: ({ prefix, last4 }) => (
        <span className="font-mono whitespace-nowrap text-secondary">
          {prefix}…{last4}
        </span>
      ),
    },
    { key: 'status', header: 'Status', cell: (key) => <KeyStatus clientKey={key} /> },
    { key: 'used', header: 'Last used', cell: ({ lastUsedAt }) => <TimeOr at={lastUsedAt} otherwise="never" /> },
    { key: 'expires', header: 'Expires', cell: ({ expiresAt }) => <TimeOr at={expiresAt} otherwise="never" /> },
    { key: 'created', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  ]
  if (actions) {
    const header = <span className="sr-only">Actions</span>
    columns.push({
      key: 'actions',
      header,
      align: 'end',
      cell: (key) => <KeyActions clientKey={key} actions={actions} />,
    })
  }
  return columns
}

function KeyStatus({ clientKey }: { clientKey: ClientKeyRow }) {
  const { status, word } = looks[clientKey.status]
  const { revokedAt, revokedReason } = clientKey
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <StatusPill status={status}>{word}</StatusPill>
      {revokedAt && (
        <span className="text-muted">
          <RelativeTime at={revokedAt} />
          {revokedReason === 'file' && ', its file was removed'}
        </span>
      )}
    </span>
  )
}

function TimeOr({ at, otherwise }: { at: string | null; otherwise: string }) {
  return at ? <RelativeTime at={at} /> : <span className="text-muted">{otherwise}</span>
}

function KeyActions({ clientKey, actions }: { clientKey: ClientKeyRow; actions: ClientKeyActions }) {
  if (clientKey.status === 'revoked' || clientKey.status === 'expired') return null
  const trigger = (
    <IconButton label={`Actions for ${clientKey.name}`}>
      <Ellipsis />
    </IconButton>
  )
  return (
    <DropdownMenu trigger={trigger}>
      <MenuItem onSelect={() => actions.onEdit(clientKey)}>Edit</MenuItem>
      {clientKey.source === 'dashboard' && <MenuItem onSelect={() => actions.onRotate(clientKey)}>Rotate</MenuItem>}
      <MenuSeparator />
      <MenuItem tone="danger" onSelect={() => actions.onRevoke(clientKey)}>
        Revoke
      </MenuItem>
    </DropdownMenu>
  )
}
