import { createHmac, hkdfSync } from 'node:crypto'
import { env } from '@/lib/env'
import { shared } from '@/lib/shared'

/** A fast hash is enough: a key has 256 random bits. The pepper makes a stolen table useless for look-ups. */
export function hashClientKey(key: string): Buffer {
  return createHmac('sha256', pepper()).update(key).digest()
}

function pepper(): Buffer {
  return shared('clients.pepper', () =>
    Buffer.from(hkdfSync('sha256', env().encryptionKey, 'nexus-proxy', 'client key pepper v1', 32)),
  )
}
