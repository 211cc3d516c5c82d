import { describe, expect, it } from 'vitest'
import { isOfDomains, readIdentity } from './oidc-identity'

const claims = { iss: 'https://id.example.com', sub: '42', email: 'Ada@Example.com', email_verified: true, name: 'Ada' }

describe('readIdentity', () => {
  it('names a person by issuer and subject, so that two providers never mean the same one', () => {
    expect(readIdentity(claims).subject).toBe('https://id.example.com 42')
    expect(readIdentity({ ...claims, iss: 'https://other.example' }).subject).not.toBe(readIdentity(claims).subject)
  })

  it('takes the address in its one spelling', () => {
    expect(readIdentity(claims).email).toBe('ada@example.com')
    expect(readIdentity({ ...claims, email: 'ada＠example.com' }).email).toBe('ada@example.com')
  })

  it.each([undefined, false, 'false', 'yes', 1, null])('takes no address whose check is said to be %j', (said) =>
    expect(readIdentity({ ...claims, email_verified: said }).email).toBeNull(),
  )

  it.each(['', 'ada', 'ada@', 'ada@@example.com', 42, null])('takes no address out of %j', (email) =>
    expect(readIdentity({ ...claims, email }).email).toBeNull(),
  )

  it.each([{}, { iss: 'https://id.example.com' }, { sub: '42' }, { ...claims, sub: '' }, { ...claims, sub: 42 }, null])(
    'knows nobody by %j',
    (given) => expect(() => readIdentity(given)).toThrow(),
  )

  it('knows when the password was given, where the provider says so', () => {
    expect(readIdentity({ ...claims, auth_time: 1_790_000_000 }).provedAt).toEqual(new Date(1_790_000_000_000))
    expect(readIdentity(claims).provedAt).toBeNull()
  })
})

describe('isOfDomains', () => {
  it.each([
    ['ada@example.com', true],
    ['ada@sub.example.com', false],
    ['ada@notexample.com', false],
    ['ada@example.com.evil.test', false],
    ['example.com@evil.test', false],
  ])('says of %s: %s', (email, expected) => expect(isOfDomains(email, ['example.com'])).toBe(expected))

  it('lets nobody in by an empty list', () => expect(isOfDomains('ada@example.com', [])).toBe(false))
})
