import { env } from '@/lib/env'

/** What pages say of single sign-on; null = there is none. */
export function oidcWay(): { name: string; isOnlyWay: boolean } | null {
  const { oidc } = env()
  return oidc && { name: oidc.name, isOnlyWay: oidc.isOnlyWay }
}
