'use client'

import Link from 'next/link'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Button, buttonClass } from '@/components/ui/button'
import { Sheet } from '@/components/ui/dialog'
import type { AccountTest } from '@/lib/accounts/test-account'
import type { ListedDomain } from '@/lib/clients/domains'
import type { Sent } from '@/lib/sent'
import { AccountFields } from './account-fields'
import { readAccountForm } from './account-form'
import type { AccountRow } from './account-status'
import { AccountTestResult } from './account-test-result'
import { runAccountTest } from './run-account-test'

export interface AccountSheetProps {
  /** null = a new one. */
  account: AccountRow | null
  domains: readonly Sent<ListedDomain>[]
  isOauthAllowed: boolean
  defaultBaseUrl: string
  onClose: () => void
  onSaved: () => void
}

/** Adds or edits an account. A new one is tried out at once, so that a wrong key shows here and not in the first call. */
export function AccountSheet(props: AccountSheetProps) {
  const { account, onClose, onSaved } = props
  const [saved, setSaved] = useState<AccountRow | null>(null)
  const [test, setTest] = useState<AccountTest | null>(null)
  const submit = useSubmit(async (given) => {
    const body = readAccountForm(given, account)
    const path = account ? `/api/accounts/${account.accountId}` : '/api/accounts'
    const result = await sendJson<AccountRow>(path, { method: account ? 'PATCH' : 'POST', body })
    onSaved()
    setSaved(result)
    setTest(await runAccountTest(result.accountId))
  })

  if (saved) return <SavedSheet account={saved} isNew={!account} test={test} onClose={onClose} />
  return (
    <FormDialog
      title={account ? `Edit ${account.name}` : 'Add an account'}
      description="A Claude account that your domains may spend. Its credential is stored encrypted and never shown again."
      isSheet
      action={account ? 'Save and test' : 'Add and test'}
      submit={submit}
      onClose={onClose}
    >
      <AccountFields {...props} errorOf={submit.errorOf} />
    </FormDialog>
  )
}

interface SavedSheetProps {
  account: AccountRow
  isNew: boolean
  test: AccountTest | null
  onClose: () => void
}

function SavedSheet({ account, isNew, test, onClose }: SavedSheetProps) {
  const [firstDomain] = account.domains
  const footer = (
    <>
      <Button onClick={onClose}>Close</Button>
      {isNew && (
        <Link
          href={firstDomain ? `/domains/${firstDomain.domainId}` : '/domains'}
          className={buttonClass({ variant: 'primary' })}
        >
          {firstDomain ? 'Next: a client key' : 'Next: a domain and a key'}
        </Link>
      )}
    </>
  )
  return (
    <Sheet
      isOpen
      onOpenChange={onClose}
      title={isNew ? `${account.name} is added` : `${account.name} is saved`}
      footer={footer}
    >
      <div className="flex flex-col gap-3">
        <AccountTestResult result={test} />
        {test && !test.ok && (
          <p className="text-body text-secondary">
            The account is kept as it is. Edit it to correct the credential or the base URL.
          </p>
        )}
      </div>
    </Sheet>
  )
}
