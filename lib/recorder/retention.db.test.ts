import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { loadBody } from './load-body'
import { openRecorder } from './recorder'
import { aBegin, playExchange, streamOf } from './recorder-fixtures'
import { collectBlocks, dropPartitionsBefore } from './retention'

let database: TestDatabase
let dataDir: string
const dayMs = 86_400_000

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-retention-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

/** Records a request as a proxy would have at that time. */
async function recordAt(atMs: number, content: string): Promise<string> {
  const clock = { now: () => atMs, monotonic: () => atMs }
  const recorder = await openRecorder({ dataDir, clock })
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] }))
  const begin = aBegin({ requestId: newId(atMs), receivedAtMs: atMs, body })
  playExchange(recorder, begin, { response: streamOf('Hello') })
  await recorder.flush()
  await recorder.close()
  return begin.requestId
}

test('old weeks go with their blocks, and what a younger request needs stays', async () => {
  const nowMs = Date.parse('2027-06-30T12:00:00Z')
  const [shared, old] = ['shared '.repeat(100), 'only old '.repeat(100)]
  const first = await recordAt(nowMs - 90 * dayMs, old)
  const second = await recordAt(nowMs - 90 * dayMs, shared)
  const third = await recordAt(nowMs - 20 * dayMs, shared)
  const keptFrom = new Date(nowMs - 30 * dayMs)
  expect(await dropPartitionsBefore(database.pool, keptFrom)).toEqual(
    expect.arrayContaining(['api_requests_20270329', 'request_bodies_20270329']),
  )
  expect(await collectBlocks(database.pool, keptFrom)).toBeGreaterThanOrEqual(1)
  for (const id of [first, second]) expect(await loadBody(id, 'request')).toBeNull()
  expect((await loadBody(third, 'request'))?.bytes.toString()).toContain(shared)
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM blocks WHERE raw_bytes = $1', [
    old.length,
  ])
  expect(rows).toEqual([{ count: 0 }])
})

test('a request that uses an old block again keeps it from being collected', async () => {
  const nowMs = Date.parse('2029-06-30T12:00:00Z')
  const content = 'used again '.repeat(100)
  await recordAt(nowMs - 60 * dayMs, content)
  const again = await recordAt(nowMs, content)
  await collectBlocks(database.pool, new Date(nowMs - 10 * dayMs))
  expect((await loadBody(again, 'request'))?.bytes.toString()).toContain(content)
})

test('a block in daily use is not written daily', async () => {
  const startMs = Date.parse('2030-06-01T12:00:00Z')
  const content = 'daily '.repeat(100)
  const days: string[] = []
  for (let day = 0; day < 9; day += 1) {
    await recordAt(startMs + day * dayMs, content)
    const { rows } = await database.pool.query('SELECT last_seen_on::text AS day FROM blocks WHERE raw_bytes = $1', [
      content.length,
    ])
    days.push(rows[0].day)
  }
  expect(new Set(days)).toEqual(new Set(['2030-06-01', '2030-06-08']))
})
