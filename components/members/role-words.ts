import { permissions, mayDo, type Permission, type Role } from '@/lib/users/permissions'

/** What a role is for, in one sentence. */
export const roleWords: Record<Role, string> = {
  owner: 'Everything, also other owners and what is kept for owners.',
  admin: 'Everything but owners and what is kept for owners.',
  member: 'Requests, conversations and costs of the chosen domains.',
  viewer: 'The numbers of every domain, never what was said.',
}

const permissionWords: Record<Permission, string> = {
  'self:write': 'change their own profile',
  'domains:read': 'see domains',
  'numbers:read': 'see the numbers of every domain',
  'bodies:read': 'read what was said',
  'requests:replay': 'send recorded requests again',
  'audit:read': 'read the audit log',
  'accounts:write': 'change accounts',
  'keys:write': 'make client keys',
  'domains:write': 'change domains',
  'users:write': 'manage members',
  'settings:write': 'change settings',
}

/** Pure: what somebody gains and loses with another role. */
export function roleDifference(before: Role, after: Role): { gains: string[]; loses: string[] } {
  const only = (here: Role, there: Role) =>
    permissions
      .filter((permission) => mayDo(here, permission) && !mayDo(there, permission))
      .map((permission) => permissionWords[permission])
  return { gains: only(after, before), loses: only(before, after) }
}
