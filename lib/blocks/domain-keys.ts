import { createHmac, hash, hkdfSync } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { hashBytes, type BlockHash } from './body-node'

/** The keys under which the blocks of one domain are named and sealed. */
export interface DomainKeys {
  readonly domainId: string
  /** AES-256 key for blocks, recipes and details. */
  readonly sealKey: Buffer
  /** The name of a block: a keyed hash, so that a copy of the database does not tell who said the same. */
  hashOf(kind: number, bytes: readonly Buffer[]): BlockHash
}

/** Stands for the domain of a call that belongs to none. */
export const noDomainId = '00000000-0000-0000-0000-000000000000'

/** Keys of domains, derived from the installation's encryption key. */
export function makeDomainKeys(encryptionKey: string): (domainId: string | null) => DomainKeys {
  const cache = new LRUCache<string, DomainKeys>({ max: 1_000 })
  return (id) => {
    const domainId = id ?? noDomainId
    let keys = cache.get(domainId)
    if (!keys) cache.set(domainId, (keys = deriveKeys(encryptionKey, domainId)))
    return keys
  }
}

function deriveKeys(encryptionKey: string, domainId: string): DomainKeys {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `nexus/${purpose}/${domainId}`, 32))
  const mac = makeMac(derive('block-name'))
  return {
    domainId,
    sealKey: derive('block-seal'),
    hashOf: (kind, bytes) => mac(Buffer.from([kind]), ...bytes),
  }
}

const macBlockBytes = 64
/** One for all domains: a hash is made in one turn. */
const scratch = Buffer.alloc(macBlockBytes + 64 * 1024)

/**
 * HMAC-SHA-256 (RFC 2104) cut to 128 bits. Short content goes through two one-shot hashes over one buffer, which
 * takes about half the time of createHmac.
 */
function makeMac(key: Buffer): (...pieces: Buffer[]) => BlockHash {
  const pad = (byte: number) =>
    Buffer.from(Uint8Array.from({ length: macBlockBytes }, (_, at) => byte ^ (key[at] ?? 0)))
  const inner = pad(0x36)
  const outer = Buffer.concat([pad(0x5c), Buffer.alloc(32)])
  return (...pieces) => {
    const end = pieces.reduce((total, piece) => total + piece.length, macBlockBytes)
    if (end > scratch.length) return longMac(key, pieces)
    let at = inner.copy(scratch)
    for (const piece of pieces) at += piece.copy(scratch, at)
    outer.write(hash('sha256', scratch.subarray(0, end), 'binary'), macBlockBytes, 'latin1')
    return hash('sha256', outer, 'binary').slice(0, hashBytes)
  }
}

function longMac(key: Buffer, pieces: readonly Buffer[]): BlockHash {
  const mac = createHmac('sha256', key)
  for (const piece of pieces) mac.update(piece)
  return mac.digest('binary').slice(0, hashBytes)
}
