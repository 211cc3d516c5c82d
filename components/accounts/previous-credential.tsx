'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toast'
import type { AccountRow } from './account-status'

/** How long the key before is kept, asked for where a new one is typed. */
export function OverlapField({ error }: { error?: string }) {
  return (
    <Field
      label="Keep the old key for"
      error={error}
      hint="Until then it is asked whenever the new one is refused; after that it is destroyed."
    >
      <Select name="keepPreviousMinutes" defaultValue="60">
        <option value="0">Not at all</option>
        <option value="10">10 minutes</option>
        <option value="60">1 hour</option>
        <option value="1440">1 day</option>
        <option value="10080">7 days</option>
      </Select>
    </Field>
  )
}

/** The key before, while it is kept; nothing otherwise. */
export function PreviousCredential({ account, onForgotten }: { account: AccountRow; onForgotten: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const { accountId, previous } = account
  if (!previous) return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-subtle px-3 py-2">
      <p className="text-body text-secondary">
        The key before, <span className="font-mono">…{previous.last4}</span>, is asked when this one is refused. It is
        destroyed <RelativeTime at={previous.until} />.
      </p>
      <Button onClick={() => setAsking(true)}>Destroy it now</Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={`Destroy the key …${previous.last4}?`}
        consequence="When the new key is refused, this one is no longer asked. It cannot be brought back."
        action="Destroy it"
        onConfirm={async () => {
          await sendJson(`/api/accounts/${accountId}`, { method: 'PATCH', body: { keepPreviousMinutes: 0 } })
          toast.success('The old key is destroyed here. Revoke it at Anthropic, too.')
          onForgotten()
        }}
      />
    </div>
  )
}
