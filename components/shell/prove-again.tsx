'use client'

import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { ProofWanted, proofWantedEvent, sendJson } from './fetcher'
import { OidcLogin } from './oidc-login'
import { PasswordInput } from './password-input'
import { useSubmit } from './use-submit'
import type { OidcWay } from './ways-in'

/** Asks for the password before what a borrowed browser must not do: exports, deletions, new keys, changes of role. */
export function ProveAgain({ oidc }: { oidc: OidcWay | null }) {
  const [wanted, setWanted] = useState<ProofWanted | null>(null)
  useEffect(() => {
    const open = (event: Event) => {
      event.preventDefault()
      setWanted(event as ProofWanted)
    }
    addEventListener(proofWantedEvent, open)
    return () => removeEventListener(proofWantedEvent, open)
  }, [])

  function answer(isProved: boolean) {
    wanted?.answer(isProved)
    setWanted(null)
  }

  const isElsewhere = oidc !== null && wanted?.by === 'oidc'
  return (
    <Dialog
      isOpen={wanted !== null}
      onOpenChange={(isOpen) => isOpen || answer(false)}
      title="Is it still you?"
      description={`You logged in a while ago. ${isElsewhere ? 'Log in again, then do it once more.' : 'Enter your password to go on.'}`}
      isDisposable
    >
      {isElsewhere ? (
        <div className="flex flex-col pb-4">
          <OidcLogin name={oidc.name} isAgain />
        </div>
      ) : (
        <ProofForm onProved={() => answer(true)} />
      )}
    </Dialog>
  )
}

function ProofForm({ onProved }: { onProved: () => void }) {
  const [password, setPassword] = useState('')
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    await sendJson('/api/auth/proof', { method: 'POST', body: { password } })
    onProved()
  })
  return (
    <form {...formProps} className="flex flex-col gap-4 pb-4">
      <FormError message={error} />
      <Field label="Password" error={errorOf('password')}>
        <PasswordInput
          name="password"
          autoComplete="current-password"
          required
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" isBusy={isBusy}>
        Go on
      </Button>
    </form>
  )
}
