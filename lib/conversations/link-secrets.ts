import { hash, hkdfSync } from 'node:crypto'
import { LRUCache } from 'lru-cache'

type KeyPurpose = 'transcript' | 'answer' | 'prompt' | 'summary' | 'message' | 'word'

/** Keys are this long: 64 bits, a `bigint` of the database. */
export const keyBytes = 8

/** What turns content of one domain into names that say nothing to others: not to other domains, not to a reader of the database. */
export interface LinkSecrets {
  readonly domainId: string
  /** Mixed into every digest of a message. */
  readonly transcript: Buffer
  /** Seals titles and places. */
  readonly labelKey: Buffer
  /** The key under which a request can be looked for. */
  keyOf(purpose: KeyPurpose, value: Buffer | string): Buffer
  /** The key under which a request waits for what it looked for and did not find. */
  waitingKeyOf(key: Buffer): Buffer
}

export function makeLinkSecrets(encryptionKey: string): (domainId: string) => LinkSecrets {
  const cache = new LRUCache<string, LinkSecrets>({ max: 1_000 })
  return (domainId) => {
    let secrets = cache.get(domainId)
    if (!secrets) cache.set(domainId, (secrets = derive(encryptionKey, domainId)))
    return secrets
  }
}

function derive(encryptionKey: string, domainId: string): LinkSecrets {
  const secret = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `nexus/${purpose}/${domainId}`, 32))
  const lookUp = secret('link-key')
  // Secret first and cut off: nobody can go on from such a hash, which is all that HMAC would add.
  const keyed = (purpose: string, value: Buffer | string) =>
    hash('sha256', Buffer.concat([lookUp, Buffer.from(`${purpose}\0`), Buffer.from(value)]), 'buffer').subarray(
      0,
      keyBytes,
    )
  return {
    domainId,
    transcript: secret('transcript'),
    labelKey: secret('label'),
    keyOf: keyed,
    waitingKeyOf: (key) => keyed('waiting', key),
  }
}
