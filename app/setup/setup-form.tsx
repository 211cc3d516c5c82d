'use client'

import { useState } from 'react'
import { logIn } from '@/components/shell/auth-client'
import { sendJson } from '@/components/shell/fetcher'
import { NewPasswordField } from '@/components/shell/new-password-field'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'

const empty = { name: '', email: '', password: '' }

/** Name, address, password; then straight into the dashboard. */
export function SetupForm({ token }: { token: string }) {
  const [owner, setOwner] = useState(empty)
  const set = (part: Partial<typeof empty>) => setOwner((before) => ({ ...before, ...part }))
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    await sendJson('/api/setup', { method: 'POST', body: { ...owner, token } })
    const { ok } = await logIn({ email: owner.email, password: owner.password })
    location.assign(ok ? '/' : '/login')
    return 'leaving'
  })

  return (
    <form {...formProps} className="flex flex-col gap-4">
      <FormError message={error} />
      <Field label="Your name" error={errorOf('name')}>
        <Input
          name="name"
          autoComplete="name"
          required
          autoFocus
          value={owner.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="E-mail address" hint="You log in with it. Nothing is sent there." error={errorOf('email')}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={owner.email}
          onChange={(event) => set({ email: event.target.value })}
        />
      </Field>
      <NewPasswordField
        label="Password"
        name="password"
        value={owner.password}
        onChange={(password) => set({ password })}
        personal={[owner.name, owner.email]}
        error={errorOf('password')}
      />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        Make the owner and log in
      </Button>
    </form>
  )
}
