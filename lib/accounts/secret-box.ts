import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { env } from '@/lib/env'
import { shared } from '@/lib/shared'

/**
 * A sealed secret, version 1: every record has its own random key, which is wrapped by the key-encryption key.
 *
 *   version 1 | kekId 4 | wrapNonce 12 | wrappedKey 32 | wrapTag 16 | nonce 12 | tag 16 | ciphertext
 *
 * Both layers are AES-256-GCM and bound to where the record stands, so a sealed secret cannot be moved to
 * another row. `kekId` names the key-encryption key: a wrong ENCRYPTION_KEY is told from damage.
 */
const version = 1
const lengths = { version: 1, kekId: 4, wrapNonce: 12, wrappedKey: 32, wrapTag: 16, nonce: 12, tag: 16 } as const
type Part = keyof typeof lengths | 'ciphertext'

interface KeyEncryptionKey {
  readonly id: Buffer
  readonly key: Buffer
}

class SecretBoxError extends Error {
  constructor(readonly reason: 'other-key' | 'damaged') {
    super(
      reason === 'other-key'
        ? 'The secret was sealed with another ENCRYPTION_KEY.'
        : 'The sealed secret is damaged or belongs to another record.',
    )
    this.name = 'SecretBoxError'
  }
}

/** `place` is `table|id` of the record that will hold the secret. */
export function seal(plaintext: string, place: string): Buffer {
  const kek = keyEncryptionKey()
  const aad = aadOf(place, kek.id)
  const key = randomBytes(lengths.wrappedKey)
  const body = encrypt(key, Buffer.from(plaintext, 'utf8'), aad)
  const wrapped = encrypt(kek.key, key, aad)
  return Buffer.concat([
    Buffer.of(version),
    kek.id,
    wrapped.nonce,
    wrapped.ciphertext,
    wrapped.tag,
    body.nonce,
    body.tag,
    body.ciphertext,
  ])
}

/** The plaintext; throws SecretBoxError when the record was moved, changed or sealed with another key. */
export function open(sealed: Uint8Array, place: string): string {
  const parts = split(Buffer.from(sealed))
  if (parts.version[0] !== version) throw new SecretBoxError('damaged')
  const kek = keyEncryptionKey()
  if (!kek.id.equals(parts.kekId)) throw new SecretBoxError('other-key')
  const aad = aadOf(place, kek.id)
  try {
    const key = decrypt(kek.key, { nonce: parts.wrapNonce, tag: parts.wrapTag, ciphertext: parts.wrappedKey }, aad)
    return decrypt(key, parts, aad).toString('utf8')
  } catch {
    // Node's message says nothing more, and the cause may not travel on: it is an error about a secret.
    throw new SecretBoxError('damaged')
  }
}

interface Encrypted {
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly ciphertext: Buffer
}

function encrypt(key: Buffer, plaintext: Buffer, aad: Buffer): Encrypted {
  const nonce = randomBytes(lengths.nonce)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return { nonce, tag: cipher.getAuthTag(), ciphertext }
}

function decrypt(key: Buffer, { nonce, tag, ciphertext }: Encrypted, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: lengths.tag })
    .setAAD(aad)
    .setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

function split(sealed: Buffer): Record<Part, Buffer> {
  const parts: Partial<Record<Part, Buffer>> = {}
  let at = 0
  for (const [name, length] of Object.entries(lengths) as [keyof typeof lengths, number][]) {
    parts[name] = sealed.subarray(at, at + length)
    at += length
  }
  if (sealed.length < at) throw new SecretBoxError('damaged')
  return { ...parts, ciphertext: sealed.subarray(at) } as Record<Part, Buffer>
}

function aadOf(place: string, kekId: Buffer): Buffer {
  return Buffer.from(`${place}|${kekId.toString('hex')}`)
}

function keyEncryptionKey(): KeyEncryptionKey {
  return shared('accounts.kek', () => ({
    id: derive('credential key id v1', lengths.kekId),
    key: derive('credential key v1', lengths.wrappedKey),
  }))
}

function derive(purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', env().encryptionKey, 'nexus-proxy', purpose, length))
}
