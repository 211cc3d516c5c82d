'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { FormError } from '@/components/ui/form-error'
import { leaveForProvider } from './auth-client'

interface OidcLoginProps {
  /** What the button calls the provider. */
  name: string
  /** Where to go after the login; the page as it is by default. */
  target?: string
  isAgain?: boolean
}

/** Logs in at the provider of single sign-on and comes back. */
export function OidcLogin({ name, target, isAgain }: OidcLoginProps) {
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function leave() {
    setIsBusy(true)
    setError(null)
    const problem = await leaveForProvider({ target: target ?? location.pathname + location.search, isAgain })
    // Without a problem the browser is on its way.
    if (!problem) return
    setError(problem)
    setIsBusy(false)
  }

  return (
    <div className="flex flex-col gap-4">
      <FormError message={error} />
      <Button variant="primary" isBusy={isBusy} onClick={() => void leave()}>
        Log in with {name}
      </Button>
    </div>
  )
}
