import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { openRecorder, type Recorder } from './recorder'
import { aBegin, anEnd, playExchange, streamOf } from './recorder-fixtures'

let database: TestDatabase
let dataDir: string
let recorder: Recorder

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-recorder-'))
  recorder = await openRecorder({ dataDir })
})
afterEach(async () => {
  await recorder.close()
  await rm(dataDir, { recursive: true })
})

async function rowOf(requestId: string) {
  const { rows } = await database.pool.query('SELECT * FROM api_requests WHERE request_id = $1', [requestId])
  return rows[0]
}

test('a streamed answer becomes one row with its tokens and its cost', async () => {
  const begin = aBegin()
  playExchange(recorder, begin, { response: streamOf('Hello') })
  await recorder.flush()
  expect(await rowOf(begin.requestId)).toMatchObject({
    domain: 'team-a.example.com',
    outcome: 'completed',
    status: 200,
    kind: 'main',
    model: 'claude-sonnet-4-5-20250929',
    is_streaming: true,
    input_tokens: '12',
    output_tokens: '7',
    cost_confidence: 'exact',
    cost_micro_usd: '141',
  })
})

test('an hour of usage is counted with the rows', async () => {
  const begin = { ...aBegin(), domain: 'x', caller: { ...aBegin().caller!, domain: 'hours.example.com' } }
  playExchange(recorder, begin, { response: streamOf('Hello') })
  await recorder.flush()
  const { rows } = await database.pool.query(`SELECT * FROM usage_hours WHERE domain = 'hours.example.com'`)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    requests: '1',
    errors: '0',
    input_tokens: '12',
    output_tokens: '7',
    cost_micro_usd: '141',
  })
})

test('a begin without an end is recorded as interrupted, with what had arrived', async () => {
  const begin = aBegin()
  const recording = recorder.record(begin)
  await recording.begun
  recording.chunk(streamOf('Hel').subarray(0, 300))
  await recorder.close()
  expect(await rowOf(begin.requestId)).toMatchObject({ outcome: 'interrupted', response_bytes: '300' })
})

test('an empty journal leaves nothing behind', async () => {
  playExchange(recorder, aBegin(), { response: streamOf('Hello') })
  await recorder.flush()
  await recorder.close()
  expect(await readdir(path.join(dataDir, 'journal'))).toEqual([])
})

test('listeners hear of the rows that were committed', async () => {
  const heard: string[] = []
  const stop = recorder.onRecorded((rows) => heard.push(...rows.map((row) => row.requestId)))
  const [first, second] = [aBegin(), aBegin()]
  playExchange(recorder, first, { end: anEnd({ status: 404 }) })
  await recorder.flush()
  stop()
  playExchange(recorder, second, {})
  await recorder.flush()
  expect(heard).toEqual([first.requestId])
})
