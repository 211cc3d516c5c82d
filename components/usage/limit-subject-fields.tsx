'use client'

import { useState } from 'react'
import useSWR from 'swr'
import { fetchJson } from '@/components/shell/fetcher'
import { Field } from '@/components/ui/field'
import { SearchField } from '@/components/ui/search-field'
import { Select } from '@/components/ui/select'
import type { LimitScope } from '@/lib/usage/limit-kinds'
import type { LimitSubject } from './new-limit'

interface LimitSubjectFieldsProps {
  chosen: LimitSubject
  onChange: (subject: LimitSubject) => void
  error: string | undefined
}

interface Named {
  readonly id: string
  readonly name: string
}

interface SubjectLists {
  domains?: readonly { domainId: string; domain: string }[]
  accounts?: readonly { accountId: string; name: string }[]
  clientKeys?: readonly { clientKeyId: string; name: string; domain: string; status: string }[]
  pagination?: { readonly nextCursor: string | null }
}

/** Whom a limit is for. Of client keys there may be thousands: they are found by name. */
export function LimitSubjectFields({ chosen, onChange, error }: LimitSubjectFieldsProps) {
  const [wanted, setWanted] = useState('')
  const { data } = useSWR<SubjectLists, Error>(sourceOf(chosen.scope, wanted), fetchJson)
  const isKey = chosen.scope === 'client_key'
  function search(text: string) {
    setWanted(text)
    onChange({ ...chosen, scopeId: '' })
  }
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="For">
        <Select
          name="scope"
          value={chosen.scope}
          onChange={(event) => onChange({ scope: event.target.value as LimitScope, scopeId: '' })}
        >
          <option value="all">Everybody together</option>
          <option value="domain">A domain</option>
          <option value="client_key">A client key</option>
          <option value="account">An account</option>
        </Select>
      </Field>
      {isKey && (
        <div className="flex flex-col justify-end">
          <SearchField
            value={wanted}
            onSearch={search}
            label="Find: client key"
            placeholder="Find by name or domain"
            shortest={1}
          />
        </div>
      )}
      {chosen.scope !== 'all' && (
        <Field
          label="Which"
          error={error}
          hint={isKey && data?.pagination?.nextCursor && 'The newest are listed: find others by name.'}
        >
          <Select
            name="scopeId"
            value={chosen.scopeId}
            onChange={(event) => onChange({ ...chosen, scopeId: event.target.value })}
          >
            <option value="">Choose …</option>
            {namesOf(data).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  )
}

const mostKeys = 50

function sourceOf(scope: LimitScope, wanted: string): string | null {
  if (scope === 'all') return null
  if (scope === 'domain') return '/api/domains'
  if (scope === 'account') return '/api/accounts'
  return `/api/client-keys?${new URLSearchParams({ limit: String(mostKeys), ...(wanted && { q: wanted }) }).toString()}`
}

function namesOf({ domains = [], accounts = [], clientKeys = [] }: SubjectLists = {}): Named[] {
  return [
    ...domains.map(({ domainId, domain }) => ({ id: domainId, name: domain })),
    ...accounts.map(({ accountId, name }) => ({ id: accountId, name: name || accountId })),
    ...clientKeys
      .filter(({ status }) => status === 'active' || status === 'expiring')
      .map(({ clientKeyId, name, domain }) => ({ id: clientKeyId, name: `${name} (${domain})` })),
  ]
}
