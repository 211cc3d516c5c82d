'use client'

import { useState, type FormEvent } from 'react'
import { ApiError } from './fetcher'

/**
 * The state of a form that writes: `submit` for onSubmit, `isBusy` for the button, `errorOf(field)` beside the
 * fields, `error` for what belongs to no field. A `send` that goes to another page resolves to 'leaving' and the
 * button stays busy.
 */
export function useSubmit(send: () => Promise<void | 'leaving'>) {
  const [failure, setFailure] = useState<ApiError | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    setIsBusy(true)
    setFailure(null)
    try {
      setIsBusy((await send()) === 'leaving')
    } catch (reason) {
      setFailure(
        reason instanceof ApiError ? reason : new ApiError('That did not work.', { status: 0, code: 'unknown' }),
      )
      setIsBusy(false)
    }
  }

  return {
    submit,
    isBusy,
    errorOf: (field: string) => failure?.field(field),
    error: failure && failure.fields.length === 0 ? failure.message : null,
  }
}
