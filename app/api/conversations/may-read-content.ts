import type { Actor } from '@/lib/users/access'
import { dashboardKeyPermissions, mayDo } from '@/lib/users/permissions'

/** Titles, and the search in what was said, are content. */
export function mayReadContent({ role }: Actor): boolean {
  return role === null ? dashboardKeyPermissions.includes('bodies:read') : mayDo(role, 'bodies:read')
}
