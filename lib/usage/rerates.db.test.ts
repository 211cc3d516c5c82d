import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ToxicProxy } from '@/e2e/faults/toxic-proxy'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import * as rerateModule from './rerate'
import { listRerates, startRerate } from './rerates'

let database: TestDatabase
let line: ToxicProxy
const by = { actor: { userId: null, name: 'An admin' }, address: null }
const nobodyListens = 1
let portOfDatabase = 0
const from = new Date('2026-11-20T00:00:00Z')
const question = { from, to: new Date('2026-11-21T00:00:00Z'), model: null }

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  portOfDatabase = Number(url.port)
  line = await ToxicProxy.start(portOfDatabase)
  url.port = String(line.port)
  await disconnectDatabase()
  connectDatabase(url.href)
})
afterAll(async () => {
  await database.drop()
  await line.close()
})
beforeEach(async () => {
  line.target = portOfDatabase
  await hotPool().query('TRUNCATE rerates, api_requests')
  await insertRequests([
    aRequest(from, { usage_json: JSON.stringify({ input_tokens: 1_000, output_tokens: 0 }), cost_micro_usd: 1 }),
  ])
})
afterEach(() => vi.restoreAllMocks())

/** The database dies and comes back after so long. */
function goAway(ms: number): void {
  line.target = nobodyListens
  line.reset()
  setTimeout(() => (line.target = portOfDatabase), ms)
}

test('a run goes on when the database was away in its middle', async () => {
  const rateBatch = rerateModule.rateBatch
  vi.spyOn(rerateModule, 'rateBatch').mockImplementationOnce((...given) => {
    goAway(1_000)
    return rateBatch(...given)
  })
  const { finished } = await startRerate(question, by)
  expect(await finished).toMatchObject({ requests: 1, changedRequests: 1 })
  expect(await listRerates()).toMatchObject([{ status: 'done', requests: 1, changedRequests: 1, error: null }])
})

test('a run whose progress could not be noted goes on, and its end says the whole', async () => {
  const update = vi.spyOn(prisma().rerate, 'update')
  update.mockImplementationOnce(() => Promise.reject(new Error('the database is busy')) as never)
  const { finished } = await startRerate(question, by)
  await finished
  expect(await listRerates()).toMatchObject([{ status: 'done', requests: 1 }])
})

test('a run that fails while the database is away says so when it is back, and why it failed', async () => {
  vi.spyOn(rerateModule, 'rateBatch').mockImplementationOnce(() => {
    goAway(1_000)
    throw new Error('no such price')
  })
  const { finished } = await startRerate(question, by)
  await expect(finished).rejects.toThrow('no such price')
  expect(await listRerates()).toMatchObject([{ status: 'failed', error: expect.stringContaining('server log') }])
})
