'use client'

import { useRouter } from 'next/navigation'
import { sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { ChoiceList } from '@/components/ui/choice-list'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast'
import type { DomainRow } from './domain-columns'

export interface AccountChoice {
  readonly accountId: string
  readonly name: string
}

interface NewDomainProps {
  accounts: readonly AccountChoice[]
  onClose: () => void
}

/** Creates a domain with its accounts and goes on to its first client key. */
export function NewDomain({ accounts, onClose }: NewDomainProps) {
  const router = useRouter()
  const submit = useSubmit(async (given) => {
    const { domainId } = await sendJson<DomainRow>('/api/domains', {
      method: 'POST',
      body: { domain: String(given.get('domain')) },
    })
    const accountIds = given.getAll('accounts').map(String)
    // The domain is there: what is missing is said, and put right on its page.
    if (accountIds.length > 0)
      await sendJson(`/api/domains/${domainId}/accounts`, { method: 'PUT', body: { accountIds } }).catch(toast.failure)
    router.push(`/domains/${domainId}?new-key=true`)
    return 'leaving'
  })

  return (
    <FormDialog
      title="New domain"
      description="A team, a customer or a service of its own: with its keys, accounts, conversations and costs."
      action="Create domain"
      submit={submit}
      onClose={onClose}
    >
      <Field
        label="Name"
        error={submit.errorOf('domain')}
        hint="Named as a host, and fixed once created. It need not exist in DNS."
      >
        <Input
          name="domain"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="team-a.example.com"
          autoFocus
        />
      </Field>
      <ChoiceList
        legend="Accounts that it may spend"
        noun="account"
        name="accounts"
        choices={accounts.map(({ accountId, name }) => ({
          value: accountId,
          label: name,
          isChosen: accounts.length === 1,
        }))}
        none="There is no account yet. You can add one afterwards."
      />
    </FormDialog>
  )
}
