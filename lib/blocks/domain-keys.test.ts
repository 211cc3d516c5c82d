import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeDomainKeys } from './domain-keys'

const encryptionKey = 'test-only-encryption-key-0123456789abcdef'
const domainId = '0192a1b2-0000-7000-8000-00000000000a'

test('the name of a block is HMAC-SHA-256 of its kind and bytes, cut to 128 bits', () => {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', `nexus/block-name/${domainId}`, 32))
  const keys = makeDomainKeys(encryptionKey)(domainId)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 65_000, max: 66_000 }).map((length) => new Uint8Array(length).fill(7)),
  )
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), fc.array(bytes, { maxLength: 3 }), (kind, list) => {
      const pieces = list.map((piece) => Buffer.from(piece))
      const expected = createHmac('sha256', key)
        .update(Buffer.concat([Buffer.from([kind]), ...pieces]))
        .digest('latin1' as 'binary')
        .slice(0, 16)
      expect(keys.hashOf(kind, pieces)).toBe(expected)
    }),
  )
})

test('the same bytes have a name of their own in every domain, whichever was asked before', () => {
  const keysOf = makeDomainKeys(encryptionKey)
  const bytes = [Buffer.from('the same words')]
  const first = keysOf(domainId).hashOf(0, bytes)
  expect(keysOf(null).hashOf(0, bytes)).not.toBe(first)
  expect(keysOf(domainId).hashOf(0, bytes)).toBe(first)
})
