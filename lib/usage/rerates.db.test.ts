import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { createDistantDatabase } from '@/lib/testing/distant-database'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import * as rerateModule from './rerate'
import { listRerates, startRerate } from './rerates'

let database: Awaited<ReturnType<typeof createDistantDatabase>>
const by = { actor: { userId: null, name: 'An admin' }, address: null }
const from = new Date('2026-11-20T00:00:00Z')
const question = { from, to: new Date('2026-11-21T00:00:00Z'), model: null }

beforeAll(async () => void (database = await createDistantDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await hotPool().query('TRUNCATE rerates, api_requests')
  await insertRequests([
    aRequest(from, { usage_json: JSON.stringify({ input_tokens: 1_000, output_tokens: 0 }), cost_micro_usd: 1 }),
  ])
})
afterEach(() => vi.restoreAllMocks())

test('a run goes on when the database was away in its middle', async () => {
  const { rateBatch } = rerateModule
  vi.spyOn(rerateModule, 'rateBatch').mockImplementationOnce((...given) => {
    database.goAway(1_000)
    return rateBatch(...given)
  })
  const { finished } = await startRerate(question, by)
  expect(await finished).toMatchObject({ requests: 1, changedRequests: 1 })
  expect(await listRerates()).toMatchObject([{ status: 'done', requests: 1, changedRequests: 1, error: null }])
})

test('a run whose progress could not be noted goes on, and its end says the whole', async () => {
  vi.spyOn(prisma().rerate, 'update').mockImplementationOnce(() => Promise.reject(new Error('busy')) as never)
  const { finished } = await startRerate(question, by)
  await finished
  expect(await listRerates()).toMatchObject([{ status: 'done', requests: 1 }])
})

test('a run that fails while the database is away says so when it is back, and why it failed', async () => {
  vi.spyOn(rerateModule, 'rateBatch').mockImplementationOnce(() => {
    database.goAway(1_000)
    throw new Error('no such price')
  })
  const { finished } = await startRerate(question, by)
  await expect(finished).rejects.toThrow('no such price')
  expect(await listRerates()).toMatchObject([{ status: 'failed', error: expect.stringContaining('server log') }])
})
