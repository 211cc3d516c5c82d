import { describe, expect, it } from 'vitest'
import { normaliseEmail } from './email'

describe('normaliseEmail', () => {
  it('gives one spelling to what is typed differently', () => {
    expect(normaliseEmail('  Ada.Lovelace@Example.COM ')).toBe('ada.lovelace@example.com')
  })

  it('gives full-width letters and the full-width at sign their plain form before it checks', () => {
    expect(normaliseEmail('ad\uff41\uff20example.com')).toBe('ada@example.com')
  })

  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@@example.com',
    'ada@evil.com@example.com',
    'a\u0000da@example.com',
    'ada\u200b@example.com',
    'ada\u202e@example.com',
    'ada love@example.com',
    '"ada"@example.com',
    'ada@example.com,bob@example.com',
    'ada@-example.com',
    'ada@example.com.',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(260)}.com`,
  ])('refuses %j', (given) => expect(normaliseEmail(given)).toBeNull())
})
