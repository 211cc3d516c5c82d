'use client'

import { useRouter } from 'next/navigation'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useRef, useState, type ReactNode } from 'react'
import useSWRInfinite from 'swr/infinite'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { Switch } from '@/components/ui/checkbox'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { LoadMore } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
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

interface ClientKeysCardProps {
  domainId: string
  domain: string
  initial: Sent<ClientKeyPage>
  mayWrite: boolean
  publicUrl: string | null
}

/** A key that nobody has used for so long is a candidate for revoking. */
const unusedDays = 30

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
        {keys.rows.length === 0 ? (
          <NoKeys isUnusedOnly={isUnusedOnly} action={add} />
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
  keys: { readonly rows: readonly ClientKeyRow[] }
  isUnusedOnly: boolean
  setIsUnusedOnly: (isOn: boolean) => void
  add: ReactNode
}

/** Nothing to filter, and the way to the first key stands below, while there are no keys. */
function ListActions({ keys, isUnusedOnly, setIsUnusedOnly, add }: ListActionsProps) {
  if (keys.rows.length === 0 && !isUnusedOnly) return null
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

function NoKeys({ isUnusedOnly, action }: { isUnusedOnly: boolean; action: ReactNode }) {
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

interface KeysQuery {
  domainId: string
  initial: Sent<ClientKeyPage>
  isUnusedOnly: boolean
}

function useClientKeys({ domainId, initial, isUnusedOnly }: KeysQuery) {
  const { data, size, setSize, isValidating, mutate } = useSWRInfinite<Sent<ClientKeyPage>>(
    (index, previous: Sent<ClientKeyPage> | null) => {
      if (index > 0 && !previous?.pagination.nextCursor) return null
      const cursor = index > 0 ? `&cursor=${previous?.pagination.nextCursor}` : ''
      const unused = isUnusedOnly ? `&unusedDays=${unusedDays}` : ''
      return `/api/client-keys?domainId=${domainId}${unused}${cursor}`
    },
    { fallbackData: isUnusedOnly ? undefined : [initial], revalidateFirstPage: true, refreshInterval: 15_000 },
  )
  const pages = data ?? (isUnusedOnly ? [] : [initial])
  return {
    rows: pages.flatMap(({ clientKeys }) => clientKeys),
    nextCursor: pages.at(-1)?.pagination.nextCursor ?? null,
    isLoading: isValidating && size > pages.length,
    loadMore: () => void setSize(size + 1),
    refresh: () => void mutate(),
  }
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
