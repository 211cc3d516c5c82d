import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'

/**
 * Whether a password lets somebody of this role in. Where single sign-on is the only way, it does so for owners alone:
 * they are who can help when the provider is away.
 */
export function doPasswordsCount(role: string): boolean {
  return env().oidc?.isOnlyWay !== true || role === 'owner'
}

/** For every way that makes or takes a password. */
export function requirePasswordsCount(role: string): void {
  if (doPasswordsCount(role)) return
  throw new AppError('forbidden', `Log in with ${env().oidc?.name}: passwords are not used here.`, {
    details: { needs: 'oidc' },
  })
}
