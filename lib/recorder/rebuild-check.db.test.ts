import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { log } from '@/lib/log'
import type { ExchangeBegin } from '@/lib/proxy/ports'
import { aBegin, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { RebuildCheck } from './rebuild-check'
import { openRecorder, type Recorder } from './recorder'

let database: TestDatabase
let dataDir: string
let recorder: Recorder

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-rebuild-'))
  recorder = await openRecorder({ dataDir, checkShare: 0 })
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await recorder.close()
  await rm(dataDir, { recursive: true })
  await database.drop()
})

async function record(more: Partial<ExchangeBegin> = {}, by = recorder) {
  const begin = aBegin(more)
  playExchange(by, begin, { response: streamOf(`Hello, ${begin.requestId}. `.repeat(40)) })
  await by.flush()
  return { requestId: begin.requestId, requestBytes: 1, responseBytes: 1 }
}

/** What a check finds of one request, whatever its share. */
async function look(row: Awaited<ReturnType<typeof record>>, pool: Pool = database.pool) {
  const check = new RebuildCheck({ pool: () => pool, share: 1 })
  check.sample([row])
  await check.whenIdle()
  return { checked: check.checkedBodies, damaged: check.damagedBodies }
}

test('the recorder reads back what it has committed, and counts it', async () => {
  const checking = await openRecorder({ dataDir, checkShare: 1 })
  await record({}, checking)
  await checking.close()
  expect(checking.status()).toMatchObject({ checkedBodies: 2, damagedBodies: 0 })
})

test('bodies that come back as they passed are checked, and not damaged', async () => {
  expect(await look(await record())).toEqual({ checked: 2, damaged: 0 })
})

test('a body that lost a block is damaged, and the log says of which request', async () => {
  const said = vi.spyOn(log(), 'error').mockImplementation(() => undefined)
  const row = await record()
  await database.pool.query('DELETE FROM blocks')
  expect(await look(row)).toEqual({ checked: 2, damaged: 1 })
  expect(said).toHaveBeenCalledOnce()
  expect(said).toHaveBeenCalledWith(
    expect.objectContaining({ requestId: row.requestId, side: 'response' }),
    'a recorded body does not come back as it passed',
  )
})

test('a body that comes back as another one is damaged', async () => {
  vi.spyOn(log(), 'error').mockImplementation(() => undefined)
  const row = await record()
  await database.pool.query(`UPDATE request_bodies SET request_sha256 = $2 WHERE request_id = $1`, [
    row.requestId,
    Buffer.alloc(32),
  ])
  expect(await look(row)).toEqual({ checked: 2, damaged: 1 })
})

test('what was not kept, and what was deleted since, counts for nothing', async () => {
  const { caller } = aBegin()
  expect(await look(await record({ caller: caller && { ...caller, capture: 'metadata' } }))).toEqual({
    checked: 0,
    damaged: 0,
  })
  const row = await record()
  await database.pool.query('DELETE FROM request_bodies WHERE request_id = $1', [row.requestId])
  expect(await look(row)).toEqual({ checked: 0, damaged: 0 })
})

test('a database that is away says nothing about the record', async () => {
  const away = new Pool({ connectionString: 'postgresql://postgres@127.0.0.1:9/none' })
  expect(await look(await record(), away)).toEqual({ checked: 0, damaged: 0 })
  await away.end()
})

test('a body that is too large to be joined beside the work is left out', async () => {
  const row = await record()
  expect(await look({ ...row, responseBytes: 1e9 })).toEqual({ checked: 0, damaged: 0 })
})
