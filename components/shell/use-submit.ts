'use client'

import { useState, type FormEvent, type SyntheticEvent } from 'react'
import { failureText } from '@/components/ui/failure-text'
import { ApiError } from './fetcher'

export type Submit = ReturnType<typeof useSubmit>

/**
 * The state of a form that writes; `send` gets what was given. Spread `formProps` on the form, show `isBusy` on the
 * button, `errorOf(field)` beside each field (it goes when the field is edited) and `error` for what belongs to no
 * field: `FormDialog` does all but the fields. A `send` that leaves the page resolves to 'leaving' and the button
 * stays busy.
 */
export function useSubmit(send: (given: FormData) => Promise<void | 'leaving'>) {
  const [failure, setFailure] = useState<ApiError | null>(null)
  const [edited, setEdited] = useState<readonly string[]>([])
  const [isBusy, setIsBusy] = useState(false)

  async function onSubmit(event: SyntheticEvent<HTMLElement>) {
    event.preventDefault()
    if (isBusy) return
    // A button that sends the form another way stands in it, too.
    const given = new FormData(event.currentTarget.closest('form') ?? undefined)
    setIsBusy(true)
    setFailure(null)
    setEdited([])
    try {
      setIsBusy((await send(given)) === 'leaving')
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
