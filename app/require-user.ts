import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { findSession } from '@/lib/users/access'
import { safeCallbackPath } from '@/lib/users/callback-path'
import { mayDo, type Permission } from '@/lib/users/permissions'
import type { Session } from '@/lib/users/sessions'
import { hasUsers } from '@/lib/users/users'

/**
 * The guard of every page behind the login: the user, or a redirect to /login (to /setup while nobody exists).
 * Whose role asks for a second factor that they have not, gets the settings alone. Call it in the page itself: a
 * layout does not run again when one navigates inside of it.
 */
export async function requireUser(permission: Permission = 'domains:read'): Promise<Session> {
  const given = await headers()
  const session = await findSession(given.get('cookie'))
  if (!session) redirect((await hasUsers()) ? loginPath(given.get('x-nexus-path')) : '/setup')
  if (!mayDo(session.role, permission)) notFound()
  if (session.lacksSecondFactor && permission !== 'self:write') redirect('/settings')
  return session
}

/** `x-nexus-path` is the address that was asked for, as server.ts heard it; without it one lands on the overview. */
function loginPath(asked: string | null): string {
  const url = new URL(safeCallbackPath(asked), 'http://nexus.invalid')
  // Next's own mark on a navigation inside the dashboard.
  url.searchParams.delete('_rsc')
  const path = url.pathname + url.search
  return path === '/overview' ? '/login' : `/login?callbackUrl=${encodeURIComponent(path)}`
}
