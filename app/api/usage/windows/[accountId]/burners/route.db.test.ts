import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { openRecorder } from '@/lib/recorder/recorder'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { aCall, playCall, user } from '@/lib/testing/conversation-fixtures'
import { testDomainId } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import type { Role } from '@/lib/users/permissions'
import { GET } from './route'

interface Burners {
  readonly keys: readonly { domain: string; requests: number }[]
  readonly conversations: readonly { title: string | null; requests: number }[]
}

let database: TestDatabase
let dataDir: string

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query("INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')", [testDomainId])
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-burners-'))
  const recorder = await openRecorder({ dataDir, link: makeLinker() })
  const messages = [user('Where is the invoice parser?')]
  playCall(recorder, aCall({ atMs: Date.now() - 60_000, messages, answer: 'In lib/invoices.' }))
  await recorder.flush()
  await recorder.close()
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

const burnersAs = async (role: Role) =>
  callRoute<Burners>(GET, {
    as: await signIn(role),
    path: '/api/usage/windows/acc_test/burners?window=5h',
    params: { accountId: 'acc_test' },
  })

test('who uses an account up is told down to the conversation, by its title', async () => {
  const { body } = await burnersAs('owner')
  expect(body.keys).toMatchObject([{ domain: 'team-a.example.com', requests: 1 }])
  expect(body.conversations).toMatchObject([{ title: 'Where is the invoice parser?', requests: 1 }])
})

test('the title is kept from who may not read what was said', async () => {
  const { status, text } = await burnersAs('viewer')
  expect(status).toBe(200)
  expect(text).not.toContain('invoice')
})
