'use client'

import { useRouter } from 'next/navigation'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useRef, useState, type ReactNode } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { Switch } from '@/components/ui/checkbox'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { LoadMore } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
import { SearchField } from '@/components/ui/search-field'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import type { ClientKeyPage, MadeClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'
import { formatQuantity } from '@/lib/format'
import { clientKeyColumns, type ClientKeyRow } from './client-key-columns'
import { EditClientKey } from './edit-client-key'
import { KeyReveal } from './key-reveal'
import { NewClientKey } from './new-client-key'
import { RotateClientKey } from './rotate-client-key'
import { unusedDays, useClientKeys } from './use-client-keys'

interface ClientKeysCardProps {
  domainId: string
  domain: string
  initial: Sent<ClientKeyPage>
  mayWrite: boolean
  publicUrl: string | null
}

export function ClientKeysCard({ domainId, domain, initial, mayWrite, publicUrl }: ClientKeysCardProps) {
  const router = useRouter()
  const [isUnusedOnly, setIsUnusedOnly] = useState(false)
  const keys = useClientKeys({ domainId, initial, isUnusedOnly })
  const [edited, setEdited] = useState<ClientKeyRow | null>(null)
  const [isAdding, setIsAdding] = useQueryState('new-key', parseAsBoolean.withDefault(false))
  const [rotated, setRotated] = useState<ClientKeyRow | null>(null)
  const [revoked, setRevoked] = useState<ClientKeyRow | null>(null)
  const [made, setMade] = useState<Sent<MadeClientKey> | null>(null)
  const addButton = useRef<HTMLButtonElement>(null)

  function show(next: Sent<MadeClientKey>) {
    setMade(next)
    void setIsAdding(null)
    setRotated(null)
    keys.refresh()
  }

  function putAway() {
    setMade(null)
    addButton.current?.focus()
    // The figures of the page know about the first request now.
    router.refresh()
  }

  const add = mayWrite && (
    <Button ref={addButton} variant="primary" onClick={() => void setIsAdding(true)}>
      New client key
    </Button>
  )
  return (
    <>
      {made && <KeyReveal key={made.clientKey.clientKeyId} made={made} publicUrl={publicUrl} onDone={putAway} />}
      <Card className="overflow-hidden">
        <CardHeader
          title="Client keys"
          hint="What clients of this domain present. Revoked keys stay visible."
          actions={<ListActions {...{ keys, isUnusedOnly, setIsUnusedOnly, add }} />}
        />
        {keys.isLong && (
          <div className="border-b border-line px-4 py-3">
            <SearchField
              value={keys.wanted}
              onSearch={keys.find}
              label="Find a client key"
              placeholder="Find by name"
              shortest={1}
              className="inline-flex w-full sm:w-72"
            />
          </div>
        )}
        {keys.rows.length === 0 ? (
          <NoKeys {...{ isUnusedOnly, wanted: keys.wanted, action: add }} />
        ) : (
          <>
            <Table
              caption={`Client keys of ${domain}`}
              columns={clientKeyColumns(
                mayWrite ? { onRotate: setRotated, onRevoke: setRevoked, onEdit: setEdited } : null,
              )}
              rows={keys.rows}
              rowKey={({ clientKeyId }) => clientKeyId}
              density="comfortable"
            />
            <LoadMore
              nextCursor={keys.nextCursor}
              isLoading={keys.isLoading}
              onLoadMore={keys.loadMore}
              shown={formatQuantity(keys.rows.length, 'key')}
            />
          </>
        )}
      </Card>
      {isAdding && mayWrite && (
        <NewClientKey domainId={domainId} domain={domain} onClose={() => void setIsAdding(null)} onMade={show} />
      )}
      {edited && (
        <EditClientKey
          clientKey={edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null)
            keys.refresh()
          }}
        />
      )}
      {rotated && <RotateClientKey clientKey={rotated} onClose={() => setRotated(null)} onMade={show} />}
      {revoked && <RevokeClientKey clientKey={revoked} onClose={() => setRevoked(null)} onRevoked={keys.refresh} />}
    </>
  )
}

interface ListActionsProps {
  keys: { readonly rows: readonly ClientKeyRow[]; readonly isNarrowed: boolean }
  isUnusedOnly: boolean
  setIsUnusedOnly: (isOn: boolean) => void
  add: ReactNode
}

/** Nothing to filter, and the way to the first key stands below, while there are no keys. */
function ListActions({ keys, isUnusedOnly, setIsUnusedOnly, add }: ListActionsProps) {
  if (keys.rows.length === 0 && !keys.isNarrowed) return null
  return (
    <span className="flex flex-wrap items-center gap-4">
      <Switch
        label={`Unused for ${unusedDays} days`}
        checked={isUnusedOnly}
        onChange={(event) => setIsUnusedOnly(event.target.checked)}
      />
      {add}
    </span>
  )
}

interface NoKeysProps {
  isUnusedOnly: boolean
  wanted: string
  action: ReactNode
}

function NoKeys({ isUnusedOnly, wanted, action }: NoKeysProps) {
  if (wanted !== '') return <EmptyState title="No client key fits" reason={`None is called “${wanted}”, or in part.`} />
  if (isUnusedOnly) {
    const reason = `Every working key was used in the last ${unusedDays} days, or is younger than that.`
    return <EmptyState title="No unused key" reason={reason} />
  }
  return (
    <EmptyState
      title="No client key yet"
      reason="A key lets Claude Code, an SDK or curl use the proxy as this domain."
      action={action}
    />
  )
}

interface RevokeClientKeyProps {
  clientKey: ClientKeyRow
  onClose: () => void
  onRevoked: () => void
}

function RevokeClientKey({ clientKey, onClose, onRevoked }: RevokeClientKeyProps) {
  const { clientKeyId, name, lastUsedAt } = clientKey
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Revoke ${name}?`}
      consequence={
        <>
          Clients that use it get 401 within five seconds, and it cannot be brought back.{' '}
          {lastUsedAt ? (
            <>
              It was last used <RelativeTime at={lastUsedAt} />.
            </>
          ) : (
            'It was never used.'
          )}
        </>
      }
      action="Revoke key"
      onConfirm={async () => {
        await sendJson(`/api/client-keys/${clientKeyId}/revoke`, { method: 'POST' })
        toast.success(`${name} is revoked.`)
        onRevoked()
      }}
    />
  )
}
