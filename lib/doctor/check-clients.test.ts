import { expect, it } from 'vitest'
import { keyFaultOf } from './check-clients'

interface Refused {
  readonly sent: string
  readonly headers: readonly string[]
  readonly target?: string
  readonly fault: ReturnType<typeof keyFaultOf>
}

const cases: Refused[] = [
  { sent: 'two keys', headers: ['Authorization', 'x-api-key'], fault: 'two-keys' },
  { sent: 'a key in another header', headers: ['api-key'], fault: 'wrong-header' },
  { sent: 'a key in the address', headers: [], target: '/v1/messages?api_key=x', fault: 'in-address' },
  { sent: 'no key', headers: ['user-agent'], fault: 'no-key' },
  { sent: 'a key nobody knows', headers: ['X-Api-Key'], fault: 'unknown-key' },
]

it.each(cases)('a refused call with $sent says so', ({ headers, target = '/v1/messages', fault }) => {
  const pairs = headers.map((name) => [name, '[removed]'] as const)
  expect(keyFaultOf(pairs, target)).toBe(fault)
})
