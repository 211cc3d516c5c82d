import { describe, expect, it } from 'vitest'
import { safeCallbackPath } from './callback-path'

const attacks = [
  'https://evil.example',
  'http://evil.example/',
  'HTTPS://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '//evil.example/%2e%2e',
  '//evil.example@localhost',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '/\\\\evil.example',
  '/%5c\\evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/./\\evil.example',
  '/a/..//evil.example',
  '/a/../..//evil.example',
  '/%2e//evil.example',
  '/%2e%2e//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '/\u0000/evil.example',
  '/\u00a0/evil.example',
  '/\u2028/evil.example',
  '/\u2029/evil.example',
  '/\u200b/evil.example',
  '/\ufeff/evil.example',
  '/\uff0f/evil.example',
  '/\u2215/evil.example',
  '/\u3002evil.example',
  '\t//evil.example',
  ' //evil.example',
  ' /requests',
  '\u0001//evil.example',
  '/@evil.example',
  '/@evil.example/requests',
  '@evil.example',
  'user@evil.example',
  'localhost@evil.example',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://evil.example/1',
  'ftp://evil.example',
  'mailto:a@evil.example',
  'evil.example',
  '.evil.example',
  '?next=//evil.example',
  '#//evil.example',
  '/requests\r\nset-cookie: a=b',
  '/requests\r\n\r\n<script>',
  '/<script>alert(1)</script>'.replace('/', '//'),
  `/${'a'.repeat(3_000)}`,
  '',
]

describe('safeCallbackPath', () => {
  it.each(attacks)('sends %j to the overview', (attack) => expect(safeCallbackPath(attack)).toBe('/'))

  it.each(['/login', '/login?callbackUrl=/login', '/setup?token=x', '/api/auth/signout', '/api'])(
    'never comes back to a door such as %s',
    (path) => expect(safeCallbackPath(path)).toBe('/'),
  )

  it.each([
    '/',
    '/requests',
    '/requests?model=claude-opus&from=-24h&to=now',
    '/requests/0192-a#b17',
    '/loginhistory',
    '/a/b%20c?q=%2F%2Fx',
  ])('keeps %s', (path) => expect(safeCallbackPath(path)).toBe(path))

  it('stays on our own origin for every attack, as a browser resolves it', () => {
    for (const attack of attacks) {
      expect(new URL(safeCallbackPath(attack), 'https://nexus.example.com').origin).toBe('https://nexus.example.com')
    }
  })

  it('takes a whole address of ours, and nothing that only begins like one', () => {
    const own = 'https://nexus.example.com'
    expect(safeCallbackPath(`${own}/usage?by=model`, own)).toBe('/usage?by=model')
    for (const other of [`${own}.evil.example/usage`, `${own}@evil.example/`, `${own}//evil.example`, own])
      expect(safeCallbackPath(other, own)).toBe('/')
  })

  it('answers a missing value with the overview', () => expect(safeCallbackPath(null)).toBe('/'))
})
