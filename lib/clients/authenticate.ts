import { timingSafeEqual } from 'node:crypto'
import { hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import type { Caller, Presented } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { hashClientKey } from './client-key-hash'
import { noteClientKeyUse } from './client-key-use'
import { makeLastKnown, type LastKnown } from './last-known'

/** Longer texts are no key and are not worth a hash. */
const maxKeyLength = 512

export interface KnownDomain {
  readonly domainId: string
  readonly domain: string
  readonly capture: 'full' | 'metadata'
  readonly isPassThroughAllowed: boolean
}

export interface KnownKey extends KnownDomain {
  readonly clientKeyId: string
  readonly hash: string
  readonly expiresAtMs: number | null
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

/**
 * Who is calling; null = turn them away. While the database is away, known callers go on; a caller that was
 * never seen gets an AppError `unavailable`, because "unknown" cannot be told from "not yet known".
 */
export async function authenticate(presented: Presented, host: string): Promise<Caller | null> {
  if (presented.kind === 'conflicting') return null
  if (!env().ENABLE_CLIENT_AUTH) return authenticateByHost(presented, host)
  if (presented.kind === 'client_key') return authenticateKey(presented.value)
  if (presented.kind === 'claude') return authenticatePassThrough(host)
  return null
}

async function authenticateKey(value: string): Promise<Caller | null> {
  if (value.length > maxKeyLength) return null
  const digest = hashClientKey(value)
  const known = await knownClients().keys.get(digest.toString('base64'))
  if (!known || !timingSafeEqual(Buffer.from(known.hash, 'base64'), digest)) return null
  if (known.expiresAtMs !== null && known.expiresAtMs <= Date.now()) return null
  noteClientKeyUse(known.clientKeyId)
  return callerOf(known, known.clientKeyId, 'account')
}

async function authenticatePassThrough(host: string): Promise<Caller | null> {
  const domain = await knownClients().domains.get(host)
  return domain?.isPassThroughAllowed ? callerOf(domain, null, 'pass_through') : null
}

/** ENABLE_CLIENT_AUTH=false: everybody who reaches us may call, and Host says for which domain. */
async function authenticateByHost(presented: Presented, host: string): Promise<Caller | null> {
  const { domains } = knownClients()
  const domain = (await domains.get(host)) ?? (await domains.get(''))
  if (!domain) return null
  const isPassThrough = presented.kind === 'claude' && domain.isPassThroughAllowed
  return callerOf(domain, null, isPassThrough ? 'pass_through' : 'account')
}

function callerOf(domain: KnownDomain, clientKeyId: string | null, mode: Caller['mode']): Caller {
  const capture = env().STORAGE_ENABLED ? domain.capture : 'metadata'
  return { domainId: domain.domainId, domain: domain.domain, clientKeyId, mode, capture }
}

const domainColumns =
  'd.id AS "domainId", d.name AS domain, d.capture, d.is_pass_through_allowed AS "isPassThroughAllowed"'

async function loadKey(digest: string): Promise<KnownKey | null> {
  const { rows } = await hotPool().query<
    Omit<KnownKey, 'expiresAtMs' | 'hash'> & { hash: Buffer; expiresAt: Date | null }
  >(
    `SELECT ${domainColumns}, k.id AS "clientKeyId", k.hash, k.expires_at AS "expiresAt"
     FROM client_keys k JOIN domains d ON d.id = k.domain_id
     WHERE k.hash = $1 AND k.revoked_at IS NULL`,
    [Buffer.from(digest, 'base64')],
  )
  const row = rows[0]
  if (!row) return null
  const { hash, expiresAt, ...rest } = row
  return { ...rest, hash: hash.toString('base64'), expiresAtMs: expiresAt?.getTime() ?? null }
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
