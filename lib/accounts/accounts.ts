import { collectParameters } from '@/lib/dashboard-query'
import { dashboardPool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { lastDaySql } from '@/lib/last-day'
import { accountHealth, type AccountHealth } from './account-health'
import type { CoolingCause } from './cool-down'
import { listRunning } from './model-rests'
import type { AccountKind } from './secrets'

type AccountStatus = 'ok' | 'cooling' | 'failing' | 'needs_login' | 'paused'

/** What may be seen of an account: never its secret, not even sealed. */
export interface ListedAccount {
  readonly accountId: string
  readonly name: string
  readonly kind: AccountKind
  readonly last4: string
  readonly baseUrl: string | null
  readonly organization: string
  /** `file`: a credential file names it and its credential. */
  readonly source: 'dashboard' | 'file'
  readonly status: AccountStatus
  /** When a cooling or failing account is first in its turn again. */
  readonly backAt: Date | null
  /** Why it is cooling. */
  readonly coolingCause: CoolingCause | null
  /** Classes of models that it is not asked for until then, while others are answered. */
  readonly restingFor: readonly { readonly models: string; readonly until: Date }[]
  /** What went wrong last, in words, and when. */
  readonly lastError: string | null
  readonly lastErrorAt: Date | null
  readonly domains: readonly { domainId: string; domain: string; position: number; weight: number }[]
  readonly createdAt: Date
  readonly rotatedAt: Date | null
  /** The key before the last replacement, while it is kept for when the new one is refused. */
  readonly previous: { readonly last4: string; readonly until: string } | null
  readonly lastUsedAt: Date | null
  readonly requestCount24h: number
  /** The models it may serve; empty = every model. */
  readonly allowedModels: readonly string[]
  /** Of a stored login; null for an API key. */
  readonly login: StoredLoginState | null
  /** What the upstream said last about the windows of a plan. */
  readonly windows: readonly {
    readonly window: string
    readonly utilization: number
    readonly resetsAt: string | null
  }[]
}

interface StoredLoginState {
  /** null = the login does not say. */
  readonly expiresAt: string | null
  /** It gets its next token by itself. */
  readonly canRefresh: boolean
  readonly refreshedAt: string | null
}

const maxListed = 1_000

type Health = 'status' | 'backAt' | 'coolingCause' | 'restingFor' | 'lastError' | 'lastErrorAt'
type Row = Omit<ListedAccount, Health> & { isPaused: boolean }

/** Every account by name; `accountId` narrows to one. Columns by allow-list: the secret is never selected. */
export async function listAccounts(accountId?: string): Promise<ListedAccount[]> {
  const { parameters, parameter } = collectParameters([accountId ?? null])
  const lastDay = lastDaySql(parameter)
  const { rows } = await dashboardPool().query<Row>(
    `SELECT a.account_id AS "accountId", a.name, a.kind, a.last4, a.base_url AS "baseUrl", a.organization, a.source,
            a.is_paused AS "isPaused", a.created_at AS "createdAt", a.rotated_at AS "rotatedAt",
            coalesce(l.domains, '[]') AS domains, r.created_at AS "lastUsedAt", (coalesce(u.requests, 0) + coalesce(cut.requests, 0))::float8 AS "requestCount24h",
            CASE WHEN a.previous_until > now() THEN json_build_object(
              'last4', a.previous_last4, 'until', a.previous_until) END AS previous,
            a.allowed_models AS "allowedModels", coalesce(w.windows, '[]') AS windows,
            CASE WHEN a.kind = 'oauth' THEN json_build_object(
              'expiresAt', a.token_expires_at, 'canRefresh', a.can_refresh, 'refreshedAt', a.refreshed_at) END AS login
     FROM accounts a
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('domainId', d.id, 'domain', d.name, 'position', l.position, 'weight', l.weight) ORDER BY d.name) AS domains
       FROM account_domains l JOIN domains d ON d.id = l.domain_id WHERE l.account_uuid = a.id) l ON true
     LEFT JOIN LATERAL (
       SELECT created_at FROM api_requests WHERE account_id = a.account_id ORDER BY created_at DESC LIMIT 1) r ON true
     LEFT JOIN LATERAL (
       SELECT sum(requests) AS requests FROM usage_hours
       WHERE account_id = a.account_id AND ${lastDay.ledger}) u ON true
     LEFT JOIN (
       SELECT account_id, count(*) AS requests FROM api_requests WHERE ${lastDay.cutHour} GROUP BY 1) cut
       ON cut.account_id = a.account_id
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('window', window_name, 'utilization', utilization, 'resetsAt', resets_at) ORDER BY window_name) AS windows
       FROM account_limits WHERE account_id = a.account_id AND window_name ~ '^[0-9]' AND utilization IS NOT NULL
         AND (resets_at IS NULL OR resets_at > now())) w ON true
     WHERE a.deleted_at IS NULL AND ($1::text IS NULL OR a.account_id = $1)
     ORDER BY lower(a.name), a.account_id LIMIT ${maxListed}`,
    parameters,
  )
  return rows.map(withStatus)
}

function withStatus({ isPaused, ...row }: Row): ListedAccount {
  const health = accountHealth().get(row.accountId)
  const { lastError } = health
  const lastErrorAt = lastError === null ? null : new Date(health.lastErrorAtMs)
  const rests = listRunning(health.modelRests, Date.now())
  const restingFor = rests.map(([models, untilMs]) => ({ models, until: new Date(untilMs) }))
  const listed = { ...row, lastError, lastErrorAt, restingFor }
  if (isPaused) return { ...listed, status: 'paused', backAt: null, coolingCause: null }
  return { ...listed, ...standingOf(health) }
}

type Standing = Pick<ListedAccount, 'status' | 'backAt' | 'coolingCause'>

function standingOf(health: AccountHealth): Standing {
  const { coolingUntilMs, coolingCause, ejectedUntilMs, refusedAtMs } = health
  const now = Date.now()
  const none = { backAt: null, coolingCause: null }
  if (refusedAtMs > 0) return { ...none, status: 'needs_login' }
  if (coolingUntilMs > now) return { status: 'cooling', backAt: new Date(coolingUntilMs), coolingCause }
  if (ejectedUntilMs > now) return { ...none, status: 'failing', backAt: new Date(ejectedUntilMs) }
  return { ...none, status: 'ok' }
}

export async function requireAccount(accountId: string): Promise<ListedAccount> {
  const [account] = await listAccounts(accountId)
  if (!account) throw new AppError('not-found', 'There is no such account.')
  return account
}
