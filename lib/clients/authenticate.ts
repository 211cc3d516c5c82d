import { timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'
import type { Caller, Presented } from '@/lib/proxy/ports'
import { hashClientKey } from './client-key-hash'
import { noteClientKeyUse } from './client-key-use'
import { knownClients, type KnownDomain } from './known-clients'

/** Longer texts are no key and are not worth a hash. */
const maxKeyLength = 512

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
  const caller = callerOf(known, known.clientKeyId, 'account')
  return known.allowedModels.length > 0 ? { ...caller, allowedModels: known.allowedModels } : caller
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

/** The dashboard itself as a caller of a domain: it has no client key. */
export async function callerForDomain(domain: string): Promise<Caller | null> {
  const known = await knownClients().domains.get(domain)
  return known ? callerOf(known, null, 'account') : null
}

function callerOf(domain: KnownDomain, clientKeyId: string | null, mode: Caller['mode']): Caller {
  const capture = env().STORAGE_ENABLED || domain.capture === 'off' ? domain.capture : 'metadata'
  return { domainId: domain.domainId, domain: domain.domain, clientKeyId, mode, capture }
}
