import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildClientKey, describeClientKey, judgeClientKey } from './client-key'
import { hashClientKey } from './client-key-hash'

describe('a client key', () => {
  it('has the prefix, 43 digits of randomness and a checksum of six', () => {
    expect(buildClientKey()).toMatch(/^cnp_live_[0-9A-Za-z]{49}$/)
  })

  it('keeps its length when the random bytes are all zero or all one', () => {
    expect(buildClientKey(new Uint8Array(32))).toHaveLength(58)
    expect(buildClientKey(new Uint8Array(32).fill(255))).toHaveLength(58)
  })

  it('is recognised as whole, whatever its random bytes are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (random) => judgeClientKey(buildClientKey(random)) === 'whole',
      ),
    )
  })

  it('is told to be mistyped when one character differs', () => {
    const key = buildClientKey()
    fc.assert(
      fc.property(fc.integer({ min: 9, max: key.length - 1 }), fc.constantFrom('0', 'Z', 'a'), (at, digit) => {
        const changed = key.slice(0, at) + digit + key.slice(at + 1)
        return changed === key || judgeClientKey(changed) === 'mistyped'
      }),
    )
  })

  it.each(['', 'cnp_live_short', 'my-own-key-of-a-file', 'sk-ant-api03-x'])(
    'is told from what is none of ours: %j',
    (text) => expect(judgeClientKey(text)).toBe('foreign'),
  )

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 2_000 }, () => buildClientKey())).size).toBe(2_000)
  })

  it('shows its first twelve and last four characters only', () => {
    const key = buildClientKey()
    expect(describeClientKey(key)).toEqual({ prefix: key.slice(0, 12), last4: key.slice(-4) })
  })

  it('of a file shows less when it is short', () => {
    expect(describeClientKey('cnp_live_short01')).toEqual({ prefix: 'cnp_live_', last4: '01' })
    expect(describeClientKey('sixteen-letters!')).toEqual({ prefix: '', last4: 's!' })
  })

  it('hashes to 32 bytes that depend on every character', () => {
    const key = buildClientKey()
    expect(hashClientKey(key)).toHaveLength(32)
    expect(hashClientKey(key).equals(hashClientKey(key))).toBe(true)
    expect(hashClientKey(key).equals(hashClientKey(`${key.slice(0, -1)}!`))).toBe(false)
  })
})
