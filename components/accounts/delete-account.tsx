'use client'

import { sendJson } from '@/components/shell/fetcher'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { formatQuantity } from '@/lib/format'
import type { AccountRow } from './account-status'
import { strandedDomains } from './stranded-domains'

interface DeleteAccountProps {
  account: AccountRow | null
  accounts: readonly AccountRow[]
  onClose: () => void
  onDeleted: () => void
}

/** Says what stops working, and asks for the account's name. */
export function DeleteAccount({ account, accounts, onClose, onDeleted }: DeleteAccountProps) {
  if (!account) return null
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Delete ${account.name}?`}
      consequence={<Impact account={account} stranded={strandedDomains(account, accounts)} />}
      typed={account.name}
      action="Delete account"
      onConfirm={async () => {
        await sendJson(`/api/accounts/${account.accountId}`, { method: 'DELETE' })
        onDeleted()
      }}
    />
  )
}

function Impact({ account, stranded }: { account: AccountRow; stranded: readonly string[] }) {
  return (
    <ul className="list-disc space-y-1 pl-5">
      <li>Its credential is erased here. Anthropic’s Console still has it: revoke it there if it leaked.</li>
      {account.domains.length > 0 && (
        <li>{account.domains.length === 1 ? '1 domain stops' : `${account.domains.length} domains stop`} using it.</li>
      )}
      {stranded.map((domain) => (
        <li key={domain} className="text-danger">
          {domain} has no other account: its calls will be refused.
        </li>
      ))}
      <li>
        {formatQuantity(account.requestCount24h, 'request')} of the last 24 hours, and all older ones, stay in the
        record.
      </li>
    </ul>
  )
}
