import { decode } from 'next-auth/jwt'
import { env } from '@/lib/env'
import { isUuid } from '@/lib/ids'

export const isSecure = (): boolean => env().publicUrl.startsWith('https:')

/** `__Host-` binds a cookie to this very host and to TLS; browsers refuse the prefix on plain http. */
export const cookieName = (name: string): string => `${isSecure() ? '__Host-' : ''}nexus.${name}`

/** What the session cookie says: which login of which user. Whether that login still holds, the database knows. */
export interface SessionClaim {
  readonly sessionId: string
  readonly userId: string
}

/** Reads and decrypts the session cookie of a `cookie` header; null when there is none or it is not ours. */
export async function readSessionCookie(cookieHeader: string | null): Promise<SessionClaim | null> {
  const token = cookieValue(cookieHeader ?? '', cookieName('session'))
  if (!token) return null
  try {
    const claim = await decode({ token, secret: env().nextAuthSecret })
    if (typeof claim?.sid !== 'string' || typeof claim.sub !== 'string') return null
    return isUuid(claim.sid) && isUuid(claim.sub) ? { sessionId: claim.sid, userId: claim.sub } : null
  } catch {
    // Forged, expired, or of another installation: the same as no cookie.
    return null
  }
}

function cookieValue(header: string, name: string): string | null {
  const pair = header.split('; ').find((part) => part.startsWith(`${name}=`))
  return pair ? pair.slice(name.length + 1) : null
}
