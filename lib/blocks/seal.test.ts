import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './seal'

const key = randomBytes(32)

test('what was sealed opens again', () => {
  expect(unseal(key, 'here', seal(key, 'here', Buffer.from('text'))).toString()).toBe('text')
})

test('a changed byte, another place or another key do not open', () => {
  const sealed = seal(key, 'here', Buffer.from('text'))
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => unseal(key, 'here', changed)).toThrow()
  }
  expect(() => unseal(key, 'there', sealed)).toThrow()
  expect(() => unseal(randomBytes(32), 'here', sealed)).toThrow()
})

test('no nonce is used twice', () => {
  const nonces = Array.from({ length: 20_000 }, () => seal(key, '', Buffer.alloc(0)).toString('hex', 0, 12))
  expect(new Set(nonces).size).toBe(nonces.length)
})
