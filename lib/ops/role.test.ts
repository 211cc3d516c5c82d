import { expect, test } from 'vitest'
import { isServedBy, runsJobs, type ProcessRole } from './role'

const roles: ProcessRole[] = ['all', 'serve', 'proxy', 'web', 'worker']
const servers = (target: string) => roles.filter((role) => isServedBy(role, target))

test.each(['/v1/messages?beta=true', '/v1/models', '/api/hello', '/api/event_logging/batch'])(
  'the Claude API is served by proxies: %s',
  (target) => expect(servers(target)).toEqual(['all', 'serve', 'proxy']),
)

test.each(['/requests', '/api/requests?limit=2', '/login', '/_next/static/a.js', '/token-stats', '/v1beta'])(
  'the dashboard is served by web processes: %s',
  (target) => expect(servers(target)).toEqual(['all', 'serve', 'web']),
)

test.each(['/health', '/health/ready', '/health/live', '/metrics'])('every process tells its state: %s', (target) =>
  expect(servers(target)).toEqual(roles),
)

test('a client that knocks at the root finds proxies and the dashboard', () => {
  expect(servers('/')).toEqual(['all', 'serve', 'proxy', 'web'])
})

test('jobs run where nobody waits', () => {
  expect(roles.filter(runsJobs)).toEqual(['all', 'worker'])
})
