import { hotPool } from '@/lib/db'

/** A stored login as far as it may be told without opening it. */
export interface ListedLogin {
  readonly uuid: string
  readonly accountId: string
  readonly name: string
  readonly domains: readonly string[]
  readonly expiresAt: Date | null
  readonly canRefresh: boolean
  readonly refreshedAt: Date | null
  /** The upstream refuses it since then. */
  readonly refusedAt: Date | null
}

/** Every stored login; `named` narrows to one account or to those of one domain. */
export async function listLogins(named: string | null = null): Promise<ListedLogin[]> {
  const { rows } = await hotPool().query<ListedLogin>(
    `SELECT a.id AS uuid, a.account_id AS "accountId", a.name, a.token_expires_at AS "expiresAt",
       a.can_refresh AS "canRefresh", a.refreshed_at AS "refreshedAt", h.refused_at AS "refusedAt",
       coalesce(array_agg(d.name ORDER BY d.name) FILTER (WHERE d.name IS NOT NULL), '{}') AS domains
     FROM accounts a LEFT JOIN account_health h ON h.account_id = a.account_id
     LEFT JOIN account_domains l ON l.account_uuid = a.id LEFT JOIN domains d ON d.id = l.domain_id
     WHERE a.kind = 'oauth' AND a.deleted_at IS NULL
     GROUP BY a.id, h.refused_at
     HAVING $1::text IS NULL OR a.account_id = $1 OR $1 = ANY(array_agg(d.name))
     ORDER BY lower(a.name), a.account_id`,
    [named],
  )
  return rows
}

type LoginState = 'works' | 'expires soon' | 'expired' | 'refreshes at its next call' | 'refused: log in again'

const soonMs = 24 * 3_600_000

export function stateOfLogin({ expiresAt, canRefresh, refusedAt }: ListedLogin, nowMs: number): LoginState {
  if (refusedAt) return 'refused: log in again'
  const leftMs = expiresAt ? expiresAt.getTime() - nowMs : Infinity
  if (leftMs <= 0) return canRefresh ? 'refreshes at its next call' : 'expired'
  return leftMs < soonMs && !canRefresh ? 'expires soon' : 'works'
}
