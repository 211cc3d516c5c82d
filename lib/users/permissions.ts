/** Who may do what: the one matrix that code, pages and tests read. Pure, safe in the browser. */

export const roles = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  // One's own name, password and logins.
  'self:write',
  // The numbers of the domains one sees; which those are, and whose bodies on top, says reach.ts.
  'domains:read',
  // The numbers of all domains, and of accounts and client keys.
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
  member: ['self:write', 'domains:read', 'bodies:read'],
  viewer: ['self:write', 'domains:read', 'numbers:read'],
}

/** What the holder of DASHBOARD_API_KEY may do: read everything, write nothing. */
export const dashboardKeyPermissions: readonly Permission[] = [
  'domains:read',
  'numbers:read',
  'bodies:read',
  'audit:read',
]

export function mayDo(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission)
}

/** The same for whoever acts: the dashboard key has no role. */
export function mayActorDo(role: Role | null, permission: Permission): boolean {
  return role === null ? dashboardKeyPermissions.includes(permission) : mayDo(role, permission)
}

/** Owners are made, changed and removed by owners alone. */
export function mayManage(actorRole: Role, targetRole: Role): boolean {
  return mayDo(actorRole, 'users:write') && (targetRole !== 'owner' || actorRole === 'owner')
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text)
}
