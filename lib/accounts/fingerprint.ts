import { createHmac, hkdfSync } from 'node:crypto'
import { env } from '@/lib/env'
import type { HeaderList } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'

/**
 * Tells one caller's own credential from another's in the record. Keyed and short: it neither is the credential nor
 * lets anybody look for it without our key. null = there is none.
 */
export function fingerprintOf(headers: HeaderList): string | null {
  const sent = headers.find(([name]) => ['authorization', 'x-api-key'].includes(name.toLowerCase()))?.[1]
  const credential = sent?.replace(/^bearer\s+/i, '').trim()
  return credential ? createHmac('sha256', fingerprintKey()).update(credential).digest('hex').slice(0, 12) : null
}

function fingerprintKey(): Buffer {
  return shared('accounts.fingerprint-key', () =>
    Buffer.from(hkdfSync('sha256', env().encryptionKey, 'nexus-proxy', 'credential fingerprint v1', 32)),
  )
}
