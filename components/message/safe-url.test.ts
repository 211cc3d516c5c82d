import { expect, test } from 'vitest'
import { base64Bytes, safeImageUrl, safeUrl } from './safe-url'

test.each(['https://a.example/x?y=1', 'http://a.example/'])('%s is a link', (url) => {
  expect(safeUrl(url)).toBe(url)
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://a.example/1',
  '/api/users',
  '//evil.example',
  '#top',
  '',
  null,
  { toString: () => 'https://a.example' },
])('%j leads nowhere', (url) => {
  expect(safeUrl(url)).toBeNull()
})

test('only plain pictures become data URLs', () => {
  expect(safeImageUrl('image/png', 'AAAA')).toBe('data:image/png;base64,AAAA')
  expect(safeImageUrl('image/svg+xml', 'AAAA')).toBeNull()
  expect(safeImageUrl('text/html', 'AAAA')).toBeNull()
  expect(safeImageUrl('image/png', 'AA"AA')).toBeNull()
})

test('the size of a picture is that of its bytes', () => {
  expect(base64Bytes(Buffer.from('12345').toString('base64'))).toBe(5)
  expect(base64Bytes('')).toBe(0)
})
