/** Who may do what: the one matrix that code, pages and tests read. Pure, safe in the browser. */

export const roles = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  'numbers:read',
  'bodies:read',
  'requests:replay',
  'audit:read',
  'accounts:write',
  'keys:write',
  'domains:write',
  'users:write',
  'settings:write',
] as const
export type Permission = (typeof permissions)[number]

const permissionsOfRole: Record<Role, readonly Permission[]> = {
  owner: permissions,
  admin: permissions,
  member: ['numbers:read', 'bodies:read'],
  viewer: ['numbers:read'],
}

/** What the holder of DASHBOARD_API_KEY may do: read everything, write nothing. */
export const dashboardKeyPermissions: readonly Permission[] = ['numbers:read', 'bodies:read', 'audit:read']

export function mayDo(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission)
}

/** Owners are made, changed and removed by owners alone. */
export function mayManage(actorRole: Role, targetRole: Role): boolean {
  return mayDo(actorRole, 'users:write') && (targetRole !== 'owner' || actorRole === 'owner')
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text)
}
