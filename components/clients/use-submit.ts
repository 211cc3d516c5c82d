'use client'

import { useState } from 'react'
import { ApiError } from '@/components/shell/fetcher'

/** One form: sends, tells whether it is busy, and keeps what the API refused, by field and as a whole. */
export function useSubmit<Given>(send: (given: Given) => Promise<void>) {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)

  async function submit(given: Given): Promise<void> {
    if (isBusy) return
    setIsBusy(true)
    setError(null)
    try {
      await send(given)
    } catch (reason) {
      setError(reason instanceof ApiError ? reason : new ApiError('That did not work.', { status: 0, code: 'unknown' }))
    } finally {
      setIsBusy(false)
    }
  }

  const field = (name: string) => error?.fields.find((problem) => problem.field.split('.')[0] === name)?.message
  /** What no field can show. */
  const message = error && error.fields.length === 0 ? error.message : null
  return { submit, isBusy, field, message }
}
