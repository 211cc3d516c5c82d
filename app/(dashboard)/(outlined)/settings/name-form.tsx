'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast'

export function NameForm({ name }: { name: string }) {
  const [typed, setTyped] = useState(name)
  const router = useRouter()
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    await sendJson('/api/auth/profile', { method: 'PATCH', body: { name: typed } })
    toast.success('Your name was changed.')
    router.refresh()
  })
  return (
    <form {...formProps} className="flex flex-col items-start gap-3">
      <FormError message={error} />
      <div className="w-full max-w-sm">
        <Field label="Name" error={errorOf('name')}>
          <Input name="name" autoComplete="name" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </div>
      <Button type="submit" isBusy={isBusy} disabled={typed.trim() === name}>
        Save name
      </Button>
    </form>
  )
}
