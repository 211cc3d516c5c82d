import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { env } from '@/lib/env'
import { open, seal } from './secret-box'

const place = 'accounts|0190a000-0000-7000-8000-000000000001'

/** Other keys than the environment's, as after a change of ENCRYPTION_KEY. */
function useKey(encryptionKey: string) {
  const store = globalThis as Record<symbol, unknown>
  const original = env()
  store[Symbol.for('nexus.env')] = { ...original, encryptionKey }
  delete store[Symbol.for('nexus.accounts.kek')]
  return () => {
    store[Symbol.for('nexus.env')] = original
    delete store[Symbol.for('nexus.accounts.kek')]
  }
}

describe('the secret box', () => {
  let restore = () => {}
  afterEach(() => restore())

  it('gives back what was sealed, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => open(seal(text, place), place) === text))
  })

  it('does not contain the secret and never looks the same twice', () => {
    const first = seal('sk-ant-api03-secret', place)
    expect(first.includes('sk-ant')).toBe(false)
    expect(first.equals(seal('sk-ant-api03-secret', place))).toBe(false)
  })

  it('does not open at another place', () => {
    const sealed = seal('sk-ant-api03-secret', place)
    expect(() => open(sealed, 'accounts|0190a000-0000-7000-8000-000000000002')).toThrow(/belongs to another record/)
  })

  it('does not open when any single byte is flipped', () => {
    const sealed = seal('sk-ant-api03-secret', place)
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Buffer.from(sealed)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      expect(() => open(flipped, place), `byte ${at}`).toThrow(/damaged|another ENCRYPTION_KEY/)
    }
  })

  it('does not open when it was cut off', () => {
    const sealed = seal('sk-ant-api03-secret', place)
    for (const length of [0, 1, 50, sealed.length - 1]) {
      expect(() => open(sealed.subarray(0, length), place)).toThrow(/damaged/)
    }
  })

  it('says that the key is another one, rather than that the secret is damaged', () => {
    const sealed = seal('sk-ant-api03-secret', place)
    restore = useKey('another-encryption-key-of-32-characters')
    expect(() => open(sealed, place)).toThrow(/another ENCRYPTION_KEY/)
  })

  it('uses a fresh nonce and a fresh key for every record', () => {
    const nonces = new Set(Array.from({ length: 5_000 }, () => seal('x', place).subarray(5, 17).toString('hex')))
    expect(nonces.size).toBe(5_000)
  })

  it('puts no secret into its errors', () => {
    const sealed = seal('sk-ant-api03-secret', place)
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    expect(() => open(sealed, place)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('sk-ant') }),
    )
  })
})
