import { expect, test } from 'vitest'
import { readHost, readPath } from './target'

test('the path of a target ends before its query', () => {
  expect(readPath('/v1/messages?beta=true')).toBe('/v1/messages')
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
])('the ambiguous path %j is not a target', (target) => expect(readPath(target)).toBeNull())

test('dots and escapes in a query are the upstream’s business', () => {
  expect(readPath('/v1/models?after_id=a%2fb/../c')).toBe('/v1/models')
})

test.each([
  ['Team-A.example.com:3000', 'team-a.example.com'],
  ['[::1]:3000', '[::1]'],
  [undefined, ''],
])('host %j reads as %j', (given, host) => expect(readHost(given)).toBe(host))
