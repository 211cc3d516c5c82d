import { makeLastKnown, type LastKnown } from '@/lib/clients/last-known'
import { hotPool } from '@/lib/db'
import { shared } from '@/lib/shared'

/** An account that a domain may spend, as the proxy needs it. The secret stays sealed until it is used. */
export interface Candidate {
  readonly uuid: string
  readonly accountId: string
  readonly kind: 'api_key' | 'oauth'
  /** base64 */
  readonly sealedSecret: string
  readonly baseUrl: string | null
  readonly organization: string
  readonly isPaused: boolean
  /** Empty = every model. */
  readonly allowedModels: readonly string[]
  /** Lower goes first; accounts of one position share the traffic by weight. */
  readonly position: number
  readonly weight: number
  /** The credential before, while it is kept for when the new one is refused. */
  readonly previous?: { readonly sealedSecret: string; readonly untilMs: number } | null
}

type Failover = 'off' | 'same_organization' | 'any'

export interface DomainAccounts {
  readonly failover: Failover
  readonly candidates: readonly Candidate[]
}

export function knownDomainAccounts(): LastKnown<DomainAccounts> {
  return shared('accounts.known', () => makeLastKnown({ what: 'account', load: loadDomainAccounts, max: 5_000 }))
}

/** Call after a change of accounts or links: it then counts at once here, and within five seconds elsewhere. */
export function expireKnownAccounts(): void {
  knownDomainAccounts().expire()
}

type Row = { domainId: string; failover: Failover; uuid: string | null } & Omit<Candidate, 'uuid'>

const selectAccounts = `SELECT d.id AS "domainId", d.failover, a.id AS uuid, a.account_id AS "accountId", a.kind,
    encode(a.sealed_secret, 'base64') AS "sealedSecret", a.base_url AS "baseUrl", a.organization,
    a.is_paused AS "isPaused", a.allowed_models AS "allowedModels", l.position, l.weight,
    CASE WHEN a.previous_until > now() THEN json_build_object('sealedSecret', encode(a.sealed_previous, 'base64'),
      'untilMs', extract(epoch FROM a.previous_until) * 1000) END AS previous
  FROM domains d
  LEFT JOIN (account_domains l JOIN accounts a ON a.id = l.account_uuid AND a.deleted_at IS NULL) ON l.domain_id = d.id`

async function loadDomainAccounts(domainId: string): Promise<DomainAccounts | null> {
  const { rows } = await hotPool().query<Row>(`${selectAccounts} WHERE d.id = $1 ORDER BY l.position, a.account_id`, [
    domainId,
  ])
  return groupByDomain(rows).get(domainId) ?? null
}

/** The accounts of every domain, as the cache holds them. */
export async function loadAccountsSnapshot(): Promise<[string, DomainAccounts][]> {
  const { rows } = await hotPool().query<Row>(`${selectAccounts} ORDER BY d.id, l.position, a.account_id`)
  return [...groupByDomain(rows)]
}

function groupByDomain(rows: readonly Row[]): Map<string, DomainAccounts> {
  const domains = new Map<string, { failover: Failover; candidates: Candidate[] }>()
  for (const { domainId, failover, uuid, ...rest } of rows) {
    const domain = domains.get(domainId) ?? { failover, candidates: [] }
    domains.set(domainId, domain)
    if (uuid !== null) domain.candidates.push({ ...rest, uuid })
  }
  return domains
}
