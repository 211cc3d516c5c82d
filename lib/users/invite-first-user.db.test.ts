import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { log } from '@/lib/log'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { inviteFirstUser } from './invite-first-user'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => database.drop())

const setupUrl = expect.objectContaining({ setupUrl: expect.stringContaining('/setup?token=') as string }) as object

test('a database that goes away at the start is asked again for its users', async () => {
  const said = vi.spyOn(log(), 'info').mockImplementation(() => undefined)
  const failed = vi.spyOn(log(), 'debug')
  await disconnectDatabase()
  connectDatabase('postgresql://nobody@127.0.0.1:9/none')
  const inviting = inviteFirstUser(new AbortController().signal)
  await waitUntil(() => failed.mock.calls.length > 0, { what: 'a question in vain' })
  await disconnectDatabase()
  connectDatabase(database.url)
  await inviting
  expect(said).toHaveBeenCalledWith(setupUrl, expect.any(String))
})

test('who has users gets no invitation', async () => {
  const said = vi.spyOn(log(), 'info').mockImplementation(() => undefined)
  await hotPool().query(
    `INSERT INTO users (id, email, name, role) VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', 'owner')`,
  )
  await inviteFirstUser(new AbortController().signal)
  expect(said).not.toHaveBeenCalled()
})
