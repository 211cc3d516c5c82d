'use client'

import { loginMessage } from '@/components/shell/auth-client'
import { LoginForm } from '@/components/shell/login-form'
import type { OidcWay } from '@/components/shell/ways-in'
import { FormError } from '@/components/ui/form-error'

interface LoginAndGoProps {
  target: string
  oidc: OidcWay | null
  /** Why the provider of single sign-on led back here. */
  errorCode: string | null
}

/** A full load, so that every part of the page is rendered for the new session. */
export function LoginAndGo({ target, oidc, errorCode }: LoginAndGoProps) {
  return (
    <div className="flex flex-col gap-4">
      {errorCode && <FormError message={loginMessage(errorCode)} />}
      <LoginForm oidc={oidc} target={target} onLoggedIn={() => location.assign(target)} />
    </div>
  )
}
