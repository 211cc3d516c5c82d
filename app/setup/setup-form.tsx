'use client'

import { useState, type FormEvent } from 'react'
import { logIn } from '@/components/shell/auth-client'
import { ApiError, sendJson } from '@/components/shell/fetcher'
import { NewPasswordField } from '@/components/shell/new-password-field'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

const empty = { name: '', email: '', password: '' }

/** Name, address, password; then straight into the dashboard. */
export function SetupForm({ token }: { token: string }) {
  const [owner, setOwner] = useState(empty)
  const [error, setError] = useState<ApiError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const set = (part: Partial<typeof empty>) => setOwner((before) => ({ ...before, ...part }))

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    setIsBusy(true)
    setError(null)
    try {
      await sendJson('/api/setup', { method: 'POST', body: { ...owner, token } })
      const { ok } = await logIn(owner.email, owner.password)
      location.assign(ok ? '/' : '/login')
    } catch (reason) {
      setError(
        reason instanceof ApiError ? reason : new ApiError('The setup did not work.', { status: 0, code: 'unknown' }),
      )
      setIsBusy(false)
    }
  }

  const general = error && (error.fields.length === 0 || error.field('token')) ? error.message : null
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate method="post">
      {general && (
        <p role="alert" className="rounded-control border border-danger bg-danger-fill px-3 py-2 text-body text-danger">
          {general}
        </p>
      )}
      <Field label="Your name" error={error?.field('name')}>
        <Input
          name="name"
          autoComplete="name"
          required
          autoFocus
          value={owner.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="E-mail address" hint="You log in with it. Nothing is sent there." error={error?.field('email')}>
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
        error={error?.field('password')}
      />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        Make the owner and log in
      </Button>
    </form>
  )
}
