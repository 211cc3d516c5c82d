'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { NewPasswordField } from '@/components/shell/new-password-field'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'

/** Name and password of an invited person; then to the login. `isFirst`: typing begins here. */
export function AcceptInvitation({ isFirst }: { isFirst: boolean }) {
  const router = useRouter()
  const [given, setGiven] = useState({ name: '', password: '' })
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    const token = location.hash.slice(1)
    await sendJson('/api/invitations/accept', { method: 'POST', body: { ...given, token } })
    router.push('/login')
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
          autoFocus={isFirst}
          value={given.name}
          onChange={(event) => setGiven({ ...given, name: event.target.value })}
        />
      </Field>
      <NewPasswordField
        label="Password"
        name="password"
        value={given.password}
        onChange={(password) => setGiven({ ...given, password })}
        personal={[given.name]}
        error={errorOf('password')}
      />
      <Button type="submit" variant={isFirst ? 'primary' : 'secondary'} isBusy={isBusy}>
        Go in
      </Button>
    </form>
  )
}
