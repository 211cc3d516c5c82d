'use client'

import { useState } from 'react'
import { PasswordInput } from '@/components/shell/password-input'
import { Button } from '@/components/ui/button'
import { ChoiceList } from '@/components/ui/choice-list'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { ModelsField } from '@/components/clients/models-field'
import type { AccountSheetProps } from './account-sheet'
import { OverlapField, PreviousCredential } from './previous-credential'

type FieldsProps = Pick<AccountSheetProps, 'account' | 'domains' | 'isOauthAllowed' | 'defaultBaseUrl' | 'onSaved'> & {
  errorOf: (field: string) => string | undefined
}

export function AccountFields(props: FieldsProps) {
  const { account, errorOf, isOauthAllowed } = props
  const [kind, setKind] = useState(account?.kind ?? 'api_key')
  return (
    <>
      <Field label="Name" error={errorOf('name')} hint="How you will recognise it: a team, a workspace, a purpose.">
        <Input
          name="name"
          autoFocus
          defaultValue={account?.name}
          autoComplete="off"
          maxLength={100}
          placeholder="Production workspace"
        />
      </Field>
      {!account && isOauthAllowed && <KindField kind={kind} onChange={setKind} error={errorOf('kind')} />}
      <SecretField account={account} kind={kind} error={errorOf('apiKey') ?? errorOf('oauth')} />
      {account && <PreviousCredential account={account} onForgotten={props.onSaved} />}
      <DomainsField {...props} />
      <AdvancedFields {...props} />
    </>
  )
}

type Kind = NonNullable<AccountSheetProps['account']>['kind']

function KindField({ kind, onChange, error }: { kind: Kind; onChange: (kind: Kind) => void; error?: string }) {
  const options = [
    { value: 'api_key', label: 'API key of the Anthropic Console' },
    { value: 'oauth', label: 'Stored login (OAuth token)' },
  ] as const
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-control font-medium">Credential</legend>
      {options.map(({ value, label }) => (
        <label key={value} className="flex items-center gap-2 text-control">
          <input
            type="radio"
            name="kind"
            value={value}
            checked={kind === value}
            onChange={() => onChange(value)}
            className="size-4 accent-accent"
          />
          {label}
        </label>
      ))}
      {error && <p className="text-body text-danger">{error}</p>}
      {kind === 'oauth' && (
        <p className="rounded-control bg-warn-fill px-3 py-2 text-body text-warn">
          Anthropic’s terms keep claude.ai logins for the person who bought the plan: do not store one for other people,
          and do not share it. It serves one domain and is never pooled. The token of <code>claude setup-token</code>{' '}
          lasts a year; others end within hours.
        </p>
      )}
    </fieldset>
  )
}

function secretHint(isReplacing: boolean, kind: Kind): string {
  if (isReplacing)
    return 'It is tried out first: one that is refused changes nothing. Calls use it within five seconds.'
  return kind === 'oauth'
    ? 'Begins with sk-ant-oat01-. Stored encrypted.'
    : 'From the Anthropic Console, Settings → API keys. Begins with sk-ant-. Stored encrypted.'
}

function SecretOfFile({ label, last4 }: { label: string; last4: string }) {
  return (
    <div>
      <p className="text-control font-medium">{label}</p>
      <p className="text-body text-muted">
        Ends in <span className="font-mono">{last4}</span>. A credential file gives it: change it there.
      </p>
    </div>
  )
}

function StoredSecret({ label, last4, onReplace }: { label: string; last4: string; onReplace: () => void }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div>
        <p className="text-control font-medium">{label}</p>
        <p className="text-body text-muted">
          Stored, ends in <span className="font-mono">{last4}</span>
        </p>
      </div>
      <Button onClick={onReplace}>Replace</Button>
    </div>
  )
}

function SecretField({ account, kind, error }: { account: AccountSheetProps['account']; kind: Kind; error?: string }) {
  const [isReplacing, setIsReplacing] = useState(false)
  // Stays open when the error goes, which it does with the first letter typed.
  if (error && !isReplacing) setIsReplacing(true)
  const label = kind === 'oauth' ? 'Token' : 'API key'
  if (account?.source === 'file') return <SecretOfFile label={label} last4={account.last4} />
  if (account && !isReplacing)
    return <StoredSecret label={label} last4={account.last4} onReplace={() => setIsReplacing(true)} />
  const input =
    kind === 'oauth'
      ? { name: 'oauth', placeholder: 'sk-ant-oat01-…' }
      : { name: 'apiKey', placeholder: 'sk-ant-api03-…' }
  return (
    <>
      <Field label={account ? `New ${label}` : label} error={error} hint={secretHint(account !== null, kind)}>
        <PasswordInput {...input} noun={label} autoComplete="off" autoFocus={isReplacing} />
      </Field>
      {account && kind === 'api_key' && <OverlapField />}
    </>
  )
}

function DomainsField({ account, domains, errorOf }: FieldsProps) {
  const linked = new Set(
    account?.domains.map(({ domainId }) => domainId) ?? (domains.length === 1 ? [domains[0]?.domainId] : []),
  )
  const error = errorOf('domains')
  return (
    <ChoiceList
      legend="Domains that may spend it"
      noun="domain"
      name="domains"
      choices={domains.map(({ domainId, domain }) => ({
        value: domainId,
        label: domain,
        isChosen: linked.has(domainId),
      }))}
      none="There is no domain yet. You can link this account when you create one."
    >
      {error && (
        <p role="alert" className="text-body text-danger">
          {error}
        </p>
      )}
    </ChoiceList>
  )
}

function hasAdvanced(account: FieldsProps['account']): boolean {
  return Boolean(account?.baseUrl || account?.organization || account?.allowedModels.length)
}

function AdvancedFields({ account, defaultBaseUrl, errorOf }: FieldsProps) {
  const errors = {
    baseUrl: errorOf('baseUrl'),
    organization: errorOf('organization'),
    allowedModels: errorOf('allowedModels'),
  }
  const [isOpen, setIsOpen] = useState(hasAdvanced(account))
  if (Object.values(errors).some(Boolean) && !isOpen) setIsOpen(true)
  return (
    <details
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className="rounded-card border border-line px-3 py-1"
    >
      <summary className="cursor-pointer py-1 text-control font-medium pointer-coarse:py-3">Advanced</summary>
      <div className="flex flex-col gap-4 pt-3 pb-1">
        <Field
          label="Base URL"
          error={errors.baseUrl}
          hint="Only for another gateway or region. Another host needs the key again."
        >
          <Input
            name="baseUrl"
            type="url"
            defaultValue={account?.baseUrl ?? ''}
            placeholder={defaultBaseUrl}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field
          label="Organisation"
          error={errors.organization}
          hint="When an account fails, a call goes on only to accounts with the same word here: prompt caches and thinking blocks live in one organisation."
        >
          <Input name="organization" defaultValue={account?.organization ?? ''} autoComplete="off" maxLength={100} />
        </Field>
        <ModelsField allowed={account?.allowedModels} error={errors.allowedModels} />
      </div>
    </details>
  )
}
