import { hotPool } from '@/lib/db'
import { shared } from '@/lib/shared'
import { makeLastKnown, type LastKnown } from './last-known'

export interface KnownDomain {
  readonly domainId: string
  readonly domain: string
  readonly capture: 'full' | 'metadata' | 'off'
  readonly isPassThroughAllowed: boolean
}

interface KnownKey extends KnownDomain {
  readonly clientKeyId: string
  readonly hash: string
  readonly expiresAtMs: number | null
  /** Empty = every model. */
  readonly allowedModels: readonly string[]
}

interface KnownClients {
  /** By the full digest of a key, base64. */
  readonly keys: LastKnown<KnownKey>
  /** By host name; '' is the domain of hosts that name none. */
  readonly domains: LastKnown<KnownDomain>
}

export function knownClients(): KnownClients {
  return shared('clients.known', () => ({
    keys: makeLastKnown({ what: 'client key', load: loadKey, max: 20_000 }),
    domains: makeLastKnown({ what: 'domain', load: loadDomain, max: 2_000 }),
  }))
}

/** Call after a change of keys or domains: it then counts at once here, and within five seconds elsewhere. */
export function expireKnownClients(): void {
  knownClients().keys.expire()
  knownClients().domains.expire()
}

const domainColumns =
  'd.id AS "domainId", d.name AS domain, d.capture, d.is_pass_through_allowed AS "isPassThroughAllowed"'

/** Working keys, and no others: a revoked one is the same as one that never was. */
const selectKeys = `SELECT ${domainColumns}, k.id AS "clientKeyId", encode(k.hash, 'base64') AS hash,
    (extract(epoch FROM k.expires_at) * 1000)::float8 AS "expiresAtMs", k.allowed_models AS "allowedModels"
  FROM client_keys k JOIN domains d ON d.id = k.domain_id WHERE k.revoked_at IS NULL`

async function loadKey(digest: string): Promise<KnownKey | null> {
  const { rows } = await hotPool().query<KnownKey>(`${selectKeys} AND k.hash = $1`, [Buffer.from(digest, 'base64')])
  return rows[0] ?? null
}

/** A domain by name; for '' the one named `default`, else the only one there is. */
async function loadDomain(name: string): Promise<KnownDomain | null> {
  const isMeant = name === '' ? `d.name = 'default' OR (SELECT count(*) FROM domains) = 1` : 'd.name = $1'
  const { rows } = await hotPool().query<KnownDomain>(
    `SELECT ${domainColumns} FROM domains d WHERE ${isMeant}`,
    name === '' ? [] : [name],
  )
  return rows[0] ?? null
}

/** What a process needs to go on without a database, as the caches hold it. */
export interface ClientsSnapshot {
  readonly keys: readonly (readonly [string, KnownKey])[]
  readonly domains: readonly (readonly [string, KnownDomain])[]
}

const maxSnapshotKeys = 20_000

/** The keys used last, and every domain. */
export async function loadClientsSnapshot(): Promise<ClientsSnapshot> {
  const { rows: keys } = await hotPool().query<KnownKey>(
    `${selectKeys} ORDER BY coalesce(k.last_used_at, k.created_at) DESC LIMIT ${maxSnapshotKeys}`,
  )
  const { rows: domains } = await hotPool().query<KnownDomain>(`SELECT ${domainColumns} FROM domains d LIMIT 2000`)
  const fallback = await loadDomain('')
  return {
    keys: keys.map((key) => [key.hash, key]),
    domains: [
      ...domains.map((domain) => [domain.domain, domain] as const),
      ...(fallback ? [['', fallback] as const] : []),
    ],
  }
}

export function restoreClients({ keys, domains }: ClientsSnapshot): void {
  knownClients().keys.restore(keys)
  knownClients().domains.restore(domains)
}
