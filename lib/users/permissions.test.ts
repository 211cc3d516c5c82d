import { describe, expect, it } from 'vitest'
import {
  dashboardKeyPermissions,
  mayDo,
  mayManage,
  permissions,
  roles,
  type Permission,
  type Role,
} from './permissions'

// Written out by hand: a change of the matrix must be made twice, knowingly.
const expected: Record<Role, Permission[]> = {
  owner: [
    'self:write',
    'domains:read',
    'numbers:read',
    'bodies:read',
    'requests:replay',
    'audit:read',
    'accounts:write',
    'keys:write',
    'domains:write',
    'users:write',
    'settings:write',
  ],
  admin: [
    'self:write',
    'domains:read',
    'numbers:read',
    'bodies:read',
    'requests:replay',
    'audit:read',
    'accounts:write',
    'keys:write',
    'domains:write',
    'users:write',
    'settings:write',
  ],
  member: ['self:write', 'domains:read', 'bodies:read'],
  viewer: ['self:write', 'domains:read', 'numbers:read'],
}

describe('the role matrix', () => {
  const cells = roles.flatMap((role) => permissions.map((permission) => [role, permission] as const))

  it.each(cells)('decides for %s and %s as the table says', (role, permission) =>
    expect(mayDo(role, permission)).toBe(expected[role].includes(permission)),
  )

  it('never lets a viewer read a body', () => expect(mayDo('viewer', 'bodies:read')).toBe(false))

  it('lets the dashboard key write nothing', () =>
    expect(dashboardKeyPermissions.filter((permission) => permission.endsWith(':write'))).toEqual([]))

  it('keeps owners out of the reach of admins', () => {
    expect(mayManage('admin', 'owner')).toBe(false)
    expect(mayManage('owner', 'owner')).toBe(true)
  })

  it('lets members manage nobody', () => expect(mayManage('member', 'viewer')).toBe(false))
})
