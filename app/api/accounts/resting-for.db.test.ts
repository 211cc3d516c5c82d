import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ListedAccount } from '@/lib/accounts/accounts'
import { reportAttempt } from '@/lib/accounts/choose-account'
import type { HeaderList } from '@/lib/proxy/ports'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { POST as clearHealth } from './[accountId]/clear-health/route'
import { GET, POST } from './route'

let database: TestDatabase
let admin: string

beforeAll(async () => {
  database = await createTestDatabase()
  admin = await signIn('admin')
})
afterAll(() => database.drop())

it('says which models an account rests for while it is ready for others, until it is asked again at once', async () => {
  const body = { kind: 'api_key', name: 'Console', apiKey: 'sk-ant-api03-canary-0123456789-wxyz' }
  const { accountId } = (await callRoute<ListedAccount>(POST, { as: admin, method: 'POST', body })).body
  const attempt = { accountId, startedAtMs: 0, durationMs: 1, status: 429, error: null, reason: '' }
  const headers: HeaderList = [
    ['anthropic-ratelimit-input-tokens-remaining', '0'],
    ['retry-after', '60'],
  ]
  reportAttempt(attempt, headers, {
    path: '/v1/messages',
    headers: [],
    body: Buffer.from('{"model":"claude-opus-4-8"}'),
  })

  const [account] = (await callRoute<{ accounts: ListedAccount[] }>(GET, { as: admin })).body.accounts
  expect(account).toMatchObject({ status: 'ok', restingFor: [{ models: 'claude-opus-4.x' }] })
  expect(Date.parse(String(account?.restingFor[0]?.until))).toBeGreaterThan(Date.now() + 55_000)

  const cleared = await callRoute<ListedAccount>(clearHealth, { as: admin, method: 'POST', params: { accountId } })
  expect(cleared.body.restingFor).toEqual([])
})
