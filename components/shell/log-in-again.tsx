'use client'

import { useEffect, useState } from 'react'
import { useSWRConfig } from 'swr'
import { INFINITE_PREFIX } from 'swr/_internal'
import { Dialog } from '@/components/ui/dialog'
import { signedOutEvent } from './fetcher'
import { LoginForm } from './login-form'
import type { OidcWay } from './ways-in'

/** Asks for the password over the page when the session has ended meanwhile, so that nothing typed or found is lost. */
export function LogInAgain({ oidc }: { oidc: OidcWay | null }) {
  const [isOpen, setIsOpen] = useState(false)
  const { cache, mutate } = useSWRConfig()
  useEffect(() => {
    const open = () => setIsOpen(true)
    addEventListener(signedOutEvent, open)
    return () => removeEventListener(signedOutEvent, open)
  }, [])

  function goOn() {
    setIsOpen(false)
    void mutate(() => true)
    // A filter passes over lists that are read page by page.
    for (const key of cache.keys()) if (key.startsWith(INFINITE_PREFIX)) void mutate(key)
  }

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Log in again"
      description="Your session has ended. This page stays as it is."
      isDisposable
    >
      <div className="pb-4">
        <LoginForm oidc={oidc} onLoggedIn={goOn} />
      </div>
    </Dialog>
  )
}
