'use client'

import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'
import { logIn } from './auth-client'
import { PasswordInput } from './password-input'
import { WaysIn, type OidcWay } from './ways-in'

interface LoginFormProps {
  oidc: OidcWay | null
  /** Where single sign-on leads back to; the page as it is by default. */
  target?: string
  onLoggedIn: () => void
}

/** Single sign-on where there is one, else e-mail and password. Used by the login page, and over a page whose session has ended. */
export function LoginForm({ oidc, target, onLoggedIn }: LoginFormProps) {
  if (!oidc) return <PasswordLogin isFirst onLoggedIn={onLoggedIn} />
  return (
    <WaysIn oidc={oidc} target={target}>
      <PasswordLogin isFirst={false} onLoggedIn={onLoggedIn} />
    </WaysIn>
  )
}

/** `isFirst`: typing begins here. */
function PasswordLogin({ isFirst, onLoggedIn }: { isFirst: boolean; onLoggedIn: () => void }) {
  const [error, setError] = useState<string | null>(null)
  const [needsCode, setNeedsCode] = useState(false)
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (isBusy) return
    const form = new FormData(event.currentTarget)
    setIsBusy(true)
    setError(null)
    const result = await logIn({
      email: String(form.get('email')),
      password: String(form.get('password')),
      code: String(form.get('code') ?? ''),
    })
    if (result.ok) return onLoggedIn()
    if (result.needsCode) setNeedsCode(true)
    setError(result.message)
    setIsBusy(false)
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate method="post">
      <FormError message={error} />
      <Field label="E-mail address">
        <Input
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus={isFirst}
        />
      </Field>
      <Field label="Password">
        <PasswordInput name="password" autoComplete="current-password" required />
      </Field>
      {needsCode && (
        <Field label="Code of your app" hint="Six digits, or one of your recovery codes.">
          <Input name="code" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required autoFocus />
        </Field>
      )}
      <Button type="submit" variant={isFirst ? 'primary' : 'secondary'} isBusy={isBusy}>
        Log in
      </Button>
    </form>
  )
}
