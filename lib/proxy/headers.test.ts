import { expect, test } from 'vitest'
import { forwardable, recordable, returnable } from './headers'
import type { ChosenAccount, HeaderList } from './ports'
import { readPresented } from './read-presented'
import { upstreamHeaders, upstreamUrl } from './upstream-request'

const names = (headers: HeaderList) => headers.map(([name]) => name)
const account: ChosenAccount = {
  accountId: 'acc_1',
  baseUrl: 'http://upstream/',
  credential: ['x-api-key', 'secret'],
  kind: 'api_key',
  reason: '',
}

test('unknown headers are forwarded as sent: spelling, order and repetition', () => {
  const sent: HeaderList = [
    ['X-Claude-Code-Session-Id', 'a'],
    ['anthropic-beta', 'one'],
    ['Anthropic-Beta', 'two'],
    ['X-New', '1'],
  ]
  expect(forwardable(sent)).toEqual(sent)
})

test.each([
  'Connection',
  'Keep-Alive',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Proxy-Authorization',
  'Host',
  'Content-Length',
  'Cookie',
  'Forwarded',
  'X-Forwarded-For',
  'X-Real-IP',
  'X-Nexus-Anything',
  'Authorization',
  'X-Api-Key',
  'Expect',
])('%s never reaches the upstream', (name) => expect(forwardable([[name, 'x']])).toEqual([]))

test('a header named by Connection belongs to this hop only, both ways', () => {
  const headers: HeaderList = [
    ['connection', 'X-Mine, close'],
    ['x-mine', '1'],
    ['x-other', '2'],
  ]
  expect(names(forwardable(headers))).toEqual(['x-other'])
  expect(names(returnable(headers))).toEqual(['x-other'])
})

test('an upstream cookie never reaches the client', () => {
  expect(
    returnable([
      ['Set-Cookie', 'a=b'],
      ['request-id', 'req_1'],
    ]),
  ).toEqual([['request-id', 'req_1']])
})

test('anthropic-version is added only when absent', () => {
  expect(upstreamHeaders([], account)).toContainEqual(['anthropic-version', '2023-06-01'])
  const sent = upstreamHeaders([['Anthropic-Version', '2026-10-21']], account)
  expect(sent.filter(([name]) => name.toLowerCase() === 'anthropic-version')).toEqual([
    ['Anthropic-Version', '2026-10-21'],
  ])
})

test('the OAuth beta joins what the client sent, once, and only for an OAuth account', () => {
  const oauth: ChosenAccount = { ...account, kind: 'oauth', credential: ['authorization', 'Bearer t'] }
  expect(upstreamHeaders([['anthropic-beta', 'a']], oauth)).toContainEqual(['anthropic-beta', 'a,oauth-2025-04-20'])
  expect(upstreamHeaders([['anthropic-beta', 'oauth-2025-04-20,a']], oauth)).toContainEqual([
    'anthropic-beta',
    'oauth-2025-04-20,a',
  ])
  expect(names(upstreamHeaders([], account))).not.toContain('anthropic-beta')
})

test('pass-through relays the caller’s own credential in the header it used', () => {
  const passThrough: ChosenAccount = { ...account, credential: null, kind: 'pass_through' }
  expect(upstreamHeaders([['Authorization', 'Bearer sk-ant-x']], passThrough)).toContainEqual([
    'Authorization',
    'Bearer sk-ant-x',
  ])
})

test('a base address with a path and a slash keeps the target whole', () => {
  expect(upstreamUrl({ ...account, baseUrl: 'http://host/prefix/' }, '/v1/messages?beta=true')).toBe(
    'http://host/prefix/v1/messages?beta=true',
  )
})

test('the record of headers names secrets without their value', () => {
  expect(
    recordable([
      ['Authorization', 'Bearer x'],
      ['x-api-key', 'y'],
      ['accept', '*/*'],
    ]),
  ).toEqual([
    ['Authorization', '(masked)'],
    ['x-api-key', '(masked)'],
    ['accept', '*/*'],
  ])
})

test.each<[string, HeaderList, unknown]>([
  ['a bearer token', [['Authorization', 'bearer cnp_live_a']], { kind: 'client_key', value: 'cnp_live_a' }],
  ['an x-api-key', [['X-Api-Key', 'cnp_live_a']], { kind: 'client_key', value: 'cnp_live_a' }],
  [
    'the same key in both',
    [
      ['x-api-key', 'k'],
      ['authorization', 'Bearer k'],
    ],
    { kind: 'client_key', value: 'k' },
  ],
  [
    'two different keys',
    [
      ['x-api-key', 'k'],
      ['authorization', 'Bearer l'],
    ],
    { kind: 'conflicting' },
  ],
  ['a Claude key as bearer', [['authorization', 'Bearer sk-ant-api03-x']], { kind: 'claude', value: 'sk-ant-api03-x' }],
  ['nothing', [], { kind: 'none' }],
])('the credential is read from %s', (_case, headers, presented) => expect(readPresented(headers)).toEqual(presented))
