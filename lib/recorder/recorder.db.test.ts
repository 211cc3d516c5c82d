import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hotPool } from '@/lib/db'
import { memoryOnly } from '@/lib/journal/entry'
import { aBegin, anEnd, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { ExchangeDesk } from './exchange-desk'
import { loadBody, loadExchangeDetail } from './load-body'
import { openDirectRecorder, openRecorder, type Recorder } from './recorder'

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

describe('when the journal is full and the database away', () => {
  const away = () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
  }

  test('policy shed: the recorder says so, and records everything that was let in', async () => {
    let pool: () => Pool = away
    const full = await openRecorder({ dataDir, pool: () => pool(), journal: { maxBytes: 3_000, fullPolicy: 'shed' } })
    const begins = Array.from({ length: 5 }, () => aBegin())
    for (const begin of begins) playExchange(full, begin, { response: streamOf('Hello') })
    await waitUntil(() => full.status().isFull)
    pool = hotPool
    await full.flush()
    for (const { requestId } of begins) expect(await loadBody(requestId, 'response')).not.toBeNull()
    expect(full.status()).toMatchObject({ droppedBodies: 0, pending: 0 })
    await full.close()
  })

  test('policy drop-body: rows stay, bodies are given up, counted, and said to be', async () => {
    let pool: () => Pool = away
    const full = await openRecorder({
      dataDir,
      pool: () => pool(),
      journal: { maxBytes: 40_000, fullPolicy: 'drop-body' },
    })
    playExchange(full, aBegin({ body: Buffer.alloc(34_000, ' ') }), {})
    await waitUntil(() => full.status().pending === 1)
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(2_000) }] }))
    const late = aBegin({ body })
    playExchange(full, late, { response: streamOf('Hello') })
    expect(full.status().isFull).toBe(false)
    pool = hotPool
    await full.flush()
    expect(await rowOf(late.requestId)).toMatchObject({
      outcome: 'completed',
      status: 200,
      request_bytes: String(body.length),
    })
    expect(await loadBody(late.requestId, 'request')).toBeNull()
    expect(await loadExchangeDetail(late.requestId)).toMatchObject({
      requestDrop: 'journal_full',
      responseDrop: 'journal_full',
    })
    expect(full.status().droppedBodies).toBe(1)
    await full.close()
  })
})

test('an exchange that its door forgot is ended as interrupted', async () => {
  let nowMs = 0
  const desk = new ExchangeDesk({ clock: { now: Date.now, monotonic: () => nowMs } })
  const [forgotten, alive] = [aBegin(), aBegin()]
  desk.begin(forgotten, memoryOnly)
  const recording = desk.begin(alive, memoryOnly)
  nowMs = 3_000
  recording.chunk(Buffer.from('x'))
  nowMs = 4_000
  desk.endForgotten(2_000)
  await waitUntil(() => rowOf(forgotten.requestId))
  expect(await rowOf(forgotten.requestId)).toMatchObject({ outcome: 'interrupted' })
  expect(await rowOf(alive.requestId)).toBeUndefined()
  await desk.intake.stop()
})

describe('without a disk', () => {
  test('an exchange is recorded by the time flush is done', async () => {
    const direct = openDirectRecorder()
    const begin = aBegin()
    playExchange(direct, begin, { response: streamOf('Hello') })
    await direct.flush()
    expect(await rowOf(begin.requestId)).toMatchObject({ outcome: 'completed', output_tokens: '7' })
    expect((await loadBody(begin.requestId, 'response'))?.bytes.equals(streamOf('Hello'))).toBe(true)
    await direct.close()
  })

  test('what still runs at the end is recorded as interrupted', async () => {
    const direct = openDirectRecorder()
    const begin = aBegin()
    const recording = direct.record(begin)
    await recording.begun
    recording.chunk(streamOf('Hello').subarray(0, 100))
    await direct.close()
    expect(await rowOf(begin.requestId)).toMatchObject({ outcome: 'interrupted', response_bytes: '100' })
  })
})

test('a stranger is recorded without what he sent', async () => {
  const begin = aBegin({ caller: null, domain: 'nobody.example.com' })
  playExchange(recorder, begin, {
    end: anEnd({ status: 401, outcome: 'rejected', ownErrorType: 'authentication_error', attempts: [] }),
  })
  await recorder.flush()
  expect(await rowOf(begin.requestId)).toMatchObject({
    domain: 'nobody.example.com',
    domain_id: null,
    error_type: 'authentication_error',
  })
  expect(await loadBody(begin.requestId, 'request')).toBeNull()
  expect((await loadExchangeDetail(begin.requestId))?.receivedHeaders).toEqual(begin.requestHeaders)
  const { rows } = await database.pool.query(
    `SELECT domain FROM usage_hours WHERE domain IN ('', 'nobody.example.com')`,
  )
  expect(rows).toEqual([{ domain: '' }])
})
