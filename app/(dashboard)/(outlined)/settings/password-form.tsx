'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { NewPasswordField } from '@/components/shell/new-password-field'
import { PasswordInput } from '@/components/shell/password-input'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { toast } from '@/components/ui/toast'

const empty = { currentPassword: '', newPassword: '' }

export function PasswordForm({ email, name }: { email: string; name: string }) {
  const [passwords, setPasswords] = useState(empty)
  const router = useRouter()
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    await sendJson('/api/auth/password', { method: 'POST', body: passwords })
    setPasswords(empty)
    toast.success('Your password was changed. Your other logins have ended.')
    router.refresh()
  })
  return (
    <form {...formProps} className="flex max-w-sm flex-col gap-4">
      <FormError message={error} />
      {/* For password managers: whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label="Current password" error={errorOf('currentPassword')}>
        <PasswordInput
          name="currentPassword"
          autoComplete="current-password"
          required
          value={passwords.currentPassword}
          onChange={(event) => setPasswords({ ...passwords, currentPassword: event.target.value })}
        />
      </Field>
      <NewPasswordField
        label="New password"
        name="newPassword"
        value={passwords.newPassword}
        onChange={(newPassword) => setPasswords({ ...passwords, newPassword })}
        personal={[name, email]}
        error={errorOf('newPassword')}
      />
      <Button type="submit" isBusy={isBusy} className="self-start">
        Change password
      </Button>
    </form>
  )
}
