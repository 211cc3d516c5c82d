import { describe, expect, it } from 'vitest'
import { passwordProblem, passwordStrength } from './password-rules'

describe('passwordProblem', () => {
  it('asks for twelve characters', () => {
    expect(passwordProblem('hT7-pq2!xYz')).toContain('12 characters')
    expect(passwordProblem('hT7-pq2!xYzw')).toBeNull()
  })

  it('bounds the length, for the hash costs time', () => expect(passwordProblem('aB3$x'.repeat(60))).toContain('256'))

  it.each([
    'password1234',
    'Password123!',
    'P@ssw0rd1234',
    'P4$$w0rd!!!!',
    'passwordpassword',
    'Passw0rdPassw0rd',
    '123456789012',
    '1234567890123',
    'qwertyuiop12',
    'Qwertyuiop123!',
    'qwertyuiopasdfghjkl',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcabcabcabc',
    'letmein12345',
    'LetMeIn2026!!',
    'welcome12345',
    'Summer2026!!',
    'December2026',
    'changeme1234',
    'administrator',
    'Administrator1!',
    'correcthorsebatterystaple',
    'iloveyou12345',
    'nexus-proxy1',
    'NexusProxy2026',
    'claudeclaude',
    'dashboard123',
    'abcdefghijkl',
    'asdfasdfasdf',
    'supersecretpassword',
  ])('refuses %s', (password) => expect(passwordProblem(password)).not.toBeNull())

  it("refuses the user's own name and address with a little added", () => {
    expect(passwordProblem('lovelace2026', ['Ada Lovelace', 'ada.lovelace@example.com'])).not.toBeNull()
    expect(passwordProblem('adalovelace!1', ['Ada Lovelace', 'ada.lovelace@example.com'])).not.toBeNull()
  })

  it.each([
    'four unrelated words here',
    'tidal-mango-hinge-42',
    'correct horse is not a battery',
    'kJ8vQ2mX9pLw',
    'ünïcödé-ist-schön',
    '密码应该很长而且难以猜到吗',
    '          a1b2',
  ])('takes %s', (password) => expect(passwordProblem(password)).toBeNull())
})

describe('passwordStrength', () => {
  it('calls what is refused nothing', () => expect(passwordStrength('password1234')).toBe(0))
  it('grows with length', () => {
    expect(passwordStrength('kJ8vQ2mX9pLw')).toBe(1)
    expect(passwordStrength('kJ8vQ2mX9pLwRt5z')).toBe(2)
    expect(passwordStrength('tidal-mango-hinge-42-x')).toBe(3)
  })
})
