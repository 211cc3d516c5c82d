'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import useSWR from 'swr'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { PageHeader } from '@/components/ui/page-header'
import { GrowingTable } from '@/components/ui/growing-table'
import { toast } from '@/components/ui/toast'
import type { ListedDomain } from '@/lib/clients/domains'
import type { Sent } from '@/lib/sent'
import { accountColumns, type AccountActions } from './account-columns'
import { AccountSheet } from './account-sheet'
import type { AccountRow } from './account-status'
import { AccountTestResult } from './account-test-result'
import { AccountsEmpty } from './accounts-empty'
import { DeleteAccount } from './delete-account'
import { runAccountTest } from './run-account-test'

interface AccountsViewProps {
  initial: readonly AccountRow[]
  domains: readonly Sent<ListedDomain>[]
  mayWrite: boolean
  isOauthAllowed: boolean
  defaultBaseUrl: string
}

const newAccount = 'new'

/** Each row has a menu, links and an id to copy. */
const lot = 25

/** What an account is found by. */
const textOf = ({ name, accountId, domains }: AccountRow): string =>
  [name, accountId, ...domains.map(({ domain }) => domain)].join(' ')

export function AccountsView({ initial, domains, mayWrite, ...options }: AccountsViewProps) {
  const { data, mutate } = useSWR<{ accounts: readonly AccountRow[] }>('/api/accounts', {
    fallbackData: { accounts: initial },
    refreshInterval: 10_000,
  })
  const accounts = data?.accounts ?? initial
  // The open sheet stands in the address: a link to it works, and Back closes it.
  const [edited, setEdited] = useQueryState('account', parseAsString.withOptions({ history: 'push' }))
  const [tested, setTested] = useState<AccountRow | null>(null)
  const [deleted, setDeleted] = useState<AccountRow | null>(null)
  const refresh = () => void mutate()
  const actions: AccountActions = {
    onEdit: ({ accountId }) => void setEdited(accountId),
    onTest: setTested,
    onDelete: setDeleted,
    onPause: (account) => void togglePause(account).then(refresh),
    onClearHealth: (account) => void clearHealth(account).then(refresh),
  }
  const account = accounts.find(({ accountId }) => accountId === edited) ?? null
  const isSheetOpen = mayWrite && (edited === newAccount || account !== null)
  const add = mayWrite ? () => void setEdited(newAccount) : null

  return (
    <>
      <PageHeader
        title="Accounts"
        description="The Claude accounts that your domains spend, and how each one stands."
        actions={accounts.length > 0 && <AddButton onAdd={add} />}
      />
      {accounts.length === 0 ? (
        <AccountsEmpty onAdd={add} />
      ) : (
        <Card className="overflow-hidden">
          <GrowingTable
            caption="Accounts"
            columns={accountColumns(mayWrite ? actions : null)}
            rows={accounts}
            noun="account"
            textOf={textOf}
            lot={lot}
            rowKey={({ accountId }) => accountId}
            density="comfortable"
          />
        </Card>
      )}
      {isSheetOpen && (
        <AccountSheet
          key={edited}
          account={account}
          domains={domains}
          {...options}
          onClose={() => void setEdited(null)}
          onSaved={refresh}
        />
      )}
      {tested && <TestDialog key={tested.accountId} account={tested} onClose={() => setTested(null)} />}
      <DeleteAccount
        account={deleted}
        accounts={accounts}
        onClose={() => setDeleted(null)}
        onDeleted={() => {
          toast.success(`${deleted?.name} is deleted.`)
          refresh()
        }}
      />
    </>
  )
}

function AddButton({ onAdd }: { onAdd: (() => void) | null }) {
  return (
    onAdd && (
      <Button variant="primary" onClick={onAdd}>
        Add an account
      </Button>
    )
  )
}

async function togglePause({ accountId, name, status }: AccountRow): Promise<void> {
  const isPaused = status !== 'paused'
  try {
    await sendJson(`/api/accounts/${accountId}`, { method: 'PATCH', body: { isPaused } })
    toast.success(isPaused ? `${name} is paused: calls go to other accounts.` : `${name} is in use again.`)
  } catch (error) {
    toast.failure(error)
  }
}

async function clearHealth({ accountId, name }: AccountRow): Promise<void> {
  try {
    await sendJson(`/api/accounts/${accountId}/clear-health`, { method: 'POST' })
    toast.success(`${name} is asked again from now on.`)
  } catch (error) {
    toast.failure(error)
  }
}

function TestDialog({ account, onClose }: { account: AccountRow; onClose: () => void }) {
  // A test is a call: it runs once for the open dialog, never again by itself.
  const { data, isValidating, mutate } = useSWR(['test', account.accountId], () => runAccountTest(account.accountId), {
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
    keepPreviousData: false,
  })
  const footer = (
    <>
      <Button onClick={onClose}>Close</Button>
      <Button variant="primary" isBusy={isValidating} onClick={() => void mutate()}>
        Test again
      </Button>
    </>
  )
  return (
    <Dialog isOpen onOpenChange={onClose} title={`Test of ${account.name}`} footer={footer}>
      <AccountTestResult result={isValidating ? null : (data ?? null)} />
    </Dialog>
  )
}
