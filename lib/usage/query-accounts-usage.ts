import { queryRows } from '@/lib/dashboard-query'

export interface AccountInUse {
  readonly accountId: string
  readonly name: string
  readonly kind: 'api_key' | 'oauth'
  readonly isPaused: boolean
  readonly domains: readonly string[]
}

/** Accounts with the domains that may spend them, by name. */
export async function listAccountsInUse(): Promise<AccountInUse[]> {
  const rows = await queryRows<AccountInUse>(
    `SELECT a.account_id AS "accountId", a.name, a.kind, a.is_paused AS "isPaused",
       coalesce(array_agg(d.name ORDER BY d.name) FILTER (WHERE d.name IS NOT NULL), '{}') AS domains
     FROM accounts a
     LEFT JOIN account_domains l ON l.account_uuid = a.id LEFT JOIN domains d ON d.id = l.domain_id
     WHERE a.deleted_at IS NULL GROUP BY a.id ORDER BY lower(a.name), a.account_id`,
  )
  return rows
}

export interface KnownLimit {
  readonly accountId: string
  readonly window: string
  readonly status: string | null
  readonly utilization: number | null
  readonly amount: number | null
  readonly remaining: number | null
  readonly resetsAt: Date | null
  readonly asOf: Date
}

/** The last word of the upstream about every limit, or those of one account. */
export async function listKnownLimits(accountId: string | null = null): Promise<KnownLimit[]> {
  const rows = await queryRows<KnownLimit>(
    `SELECT account_id AS "accountId", window_name AS "window", status, utilization, amount::float8 AS amount,
       remaining::float8 AS remaining, resets_at AS "resetsAt", as_of AS "asOf"
     FROM account_limits WHERE $1::text IS NULL OR account_id = $1 ORDER BY account_id, window_name`,
    [accountId],
  )
  return rows
}
