import type { ReactNode } from 'react'
import { OidcLogin } from './oidc-login'

/** Single sign-on, as pages know it. */
export interface OidcWay {
  readonly name: string
  /** Passwords are for owners alone. */
  readonly isOnlyWay: boolean
}

interface WaysInProps {
  oidc: OidcWay
  target?: string
  /** The way with a password. */
  children: ReactNode
}

/** The button of single sign-on, and the password below it. */
export function WaysIn({ oidc, target, children }: WaysInProps) {
  return (
    <div className="flex flex-col gap-5">
      <OidcLogin name={oidc.name} target={target} />
      <details open={!oidc.isOnlyWay} className="border-t border-line pt-4">
        <summary className="target cursor-pointer text-body text-secondary">
          {oidc.isOnlyWay ? 'With a password, for owners' : 'With a password'}
        </summary>
        <div className="pt-4">{children}</div>
      </details>
    </div>
  )
}
