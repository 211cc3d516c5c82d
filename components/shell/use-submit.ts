'use client'

import { useState, type FormEvent } from 'react'
import { failureText } from '@/components/ui/failure-text'
import { ApiError } from './fetcher'

/**
 * The state of a form that writes. Spread `formProps` on the form, show `isBusy` on the button, `errorOf(field)`
 * beside each field (it goes when the field is edited) and `error` for what belongs to no field. A `send` that
 * leaves the page resolves to 'leaving' and the button stays busy.
 */
export function useSubmit(send: () => Promise<void | 'leaving'>) {
  const [failure, setFailure] = useState<ApiError | null>(null)
  const [edited, setEdited] = useState<readonly string[]>([])
  const [isBusy, setIsBusy] = useState(false)

  async function onSubmit(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    setIsBusy(true)
    setFailure(null)
    setEdited([])
    try {
      setIsBusy((await send()) === 'leaving')
    } catch (reason) {
      setFailure(
        reason instanceof ApiError ? reason : new ApiError('That did not work.', { status: 0, code: 'unknown' }),
      )
      setIsBusy(false)
    }
  }

  function onInput(event: FormEvent) {
    const { name } = event.target as HTMLInputElement
    if (failure) setEdited((before) => [...before, name])
  }

  return {
    formProps: { onSubmit, onInput, noValidate: true, method: 'post' },
    isBusy,
    errorOf: (field: string) => (edited.includes(field) ? undefined : failure?.field(field)),
    error: failure && failure.fields.length === 0 ? failureText(failure) : null,
  }
}
