import { dashboardPool } from '@/lib/db'

/** How far a new installation has come. */
export interface Onboarding {
  readonly hasAccount: boolean
  readonly hasClientKey: boolean
  readonly hasRequest: boolean
  /** The domain to go on with: the newest, if there is one. */
  readonly domainId: string | null
}

export async function getOnboarding(): Promise<Onboarding> {
  const { rows } = await dashboardPool().query<Onboarding>(
    `SELECT EXISTS (SELECT FROM accounts WHERE deleted_at IS NULL) AS "hasAccount",
            EXISTS (SELECT FROM client_keys WHERE revoked_at IS NULL) AS "hasClientKey",
            EXISTS (SELECT FROM usage_hours WHERE requests > 0) AS "hasRequest",
            (SELECT id FROM domains ORDER BY created_at DESC LIMIT 1) AS "domainId"`,
  )
  return rows[0] ?? { hasAccount: false, hasClientKey: false, hasRequest: false, domainId: null }
}
