import { expect, test } from 'vitest'
import { readHost, readTarget } from './target'

test('a target keeps its query apart from its path', () => {
  expect(readTarget('/v1/messages?beta=true')).toEqual({ path: '/v1/messages', query: '?beta=true' })
})

test.each([
  '//v1/messages',
  '/v1/../admin',
  '/v1/./x',
  '/v1%2fmessages',
  '/v1/%2e%2e/x',
  '/v1\\messages',
  '/v1/\u0000x',
  'v1/messages',
  '/v1/..',
])('the ambiguous path %j is not a target', (target) => expect(readTarget(target)).toBeNull())

test('dots and escapes in a query are the upstream’s business', () => {
  expect(readTarget('/v1/models?after_id=a%2fb/../c')).not.toBeNull()
})

test.each([
  ['Team-A.example.com:3000', 'team-a.example.com'],
  ['[::1]:3000', '[::1]'],
  [undefined, ''],
])('host %j reads as %j', (given, host) => expect(readHost(given)).toBe(host))
