import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16
/** Random bytes for many nonces at once: asking for twelve costs as much as asking for thousands. */
const pool = Buffer.alloc(nonceBytes * 256)
let poolAt = pool.length

function makeNonce(): Buffer {
  if (poolAt >= pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  poolAt += nonceBytes
  return pool.subarray(poolAt - nonceBytes, poolAt)
}

/** nonce · ciphertext · tag, by AES-256-GCM. `context` is what the bytes are, and must be the same to open them. */
export function seal(key: Buffer, context: string, bytes: Buffer): Buffer {
  const nonce = makeNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'latin1'))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the key is another one, or the bytes or their context were changed. */
export function unseal(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(context, 'latin1'))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()])
}
