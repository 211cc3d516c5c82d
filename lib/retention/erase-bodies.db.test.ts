import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadBody } from '@/lib/recorder/load-body'
import { openRecorder } from '@/lib/recorder/recorder'
import { aBegin, playExchange } from '@/lib/testing/recorder-fixtures'
import { makeConversation, makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { eraseBodies } from './erase-bodies'

let database: TestDatabase
let dataDir: string
const by = { actor: { userId: null, name: 'An admin' }, address: null }
const nowMs = Date.now()

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-erase-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

async function countBlocks(domainId: string, rawBytes: number): Promise<number> {
  const { rows } = await database.pool.query(
    'SELECT count(*)::int AS count FROM blocks WHERE domain_id = $1 AND raw_bytes = $2',
    [domainId, rawBytes],
  )
  return rows[0].count
}

/** The blocks go in the background. */
const waitForCollection = (domainId: string) =>
  waitUntil(
    async () => {
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS count FROM blocks WHERE domain_id = $1 AND last_seen_on = '1970-01-01'`,
        [domainId],
      )
      return rows[0].count === 0
    },
    { timeoutMs: 20_000, what: 'the blocks to be collected' },
  )

test('a conversation’s content leaves the disk, and what others share with it stays', async () => {
  const domainId = await makeDomain('conversation.example.com')
  const conversationId = await makeConversation(domainId, nowMs)
  const [own, shared] = ['only here '.repeat(100), 'everywhere! '.repeat(100)]
  const erased = [
    await recordCall(dataDir, { domainId, atMs: nowMs, content: own, conversationId }),
    await recordCall(dataDir, { domainId, atMs: nowMs, content: shared, conversationId }),
  ]
  const other = await recordCall(dataDir, { domainId, atMs: nowMs, content: shared })
  expect(await eraseBodies({ conversationId }, by)).toEqual({ bodies: 2 })
  for (const id of erased) expect(await loadBody(id, 'request')).toBeNull()
  await waitForCollection(domainId)
  expect(await countBlocks(domainId, own.length)).toBe(0)
  expect((await loadBody(other, 'request'))?.bytes.toString()).toContain(shared)
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM api_requests WHERE domain_id = $1', [
    domainId,
  ])
  expect(rows).toEqual([{ count: 3 }])
})

test('a recorder that remembers the deleted blocks writes them again when it needs them', async () => {
  const domainId = await makeDomain('again.example.com')
  const recorder = await openRecorder({ dataDir })
  const content = 'said again '.repeat(2_000)
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] }))
  const play = async () => {
    const begin = aBegin({ body })
    playExchange(recorder, { ...begin, caller: begin.caller && { ...begin.caller, domainId } }, {})
    await recorder.flush()
    return begin.requestId
  }
  await play()
  await eraseBodies({ domainId }, by)
  const during = await play()
  await waitForCollection(domainId)
  const after = await play()
  for (const id of [during, after]) expect((await loadBody(id, 'request'))?.bytes.equals(body)).toBe(true)
  await recorder.close()
})

test('the audit log says who deleted what, and how much', async () => {
  const domainId = await makeDomain('audited.example.com')
  await recordCall(dataDir, { domainId, atMs: nowMs, content: 'x' })
  await eraseBodies({ domainId }, by)
  const { rows } = await database.pool.query(
    'SELECT actor, action, target_type, detail FROM audit_events WHERE target_id = $1',
    [domainId],
  )
  expect(rows).toEqual([{ actor: 'An admin', action: 'bodies.erase', target_type: 'domain', detail: '{"bodies":1}' }])
})

test('what does not exist cannot be deleted', async () => {
  const conversationId = '01900000-0000-7000-8000-000000000000'
  await expect(eraseBodies({ conversationId }, by)).rejects.toMatchObject({ code: 'not-found' })
})
