import { AppError } from '@/lib/errors'
import { mayDo, type Permission, type Role } from '@/lib/users/permissions'
import type { LimitScope } from './limit-kinds'

/** Whoever makes the keys of a domain may limit them; limits of accounts and of everybody are settings. */
const permissionOf: Record<LimitScope, Permission> = {
  all: 'settings:write',
  account: 'settings:write',
  domain: 'keys:write',
  client_key: 'keys:write',
}

export function requireMayLimit({ role }: { role: Role | null }, scope: LimitScope): void {
  if (role !== null && mayDo(role, permissionOf[scope])) return
  throw new AppError('forbidden', `Your role does not include ${permissionOf[scope]}.`)
}
