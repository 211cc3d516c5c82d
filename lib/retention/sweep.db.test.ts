import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadBody } from '@/lib/recorder/load-body'
import { openRecorder, type Recorder } from '@/lib/recorder/recorder'
import { changeEnv } from '@/lib/testing/change-env'
import { aBegin, playExchange } from '@/lib/testing/recorder-fixtures'
import { dayMs, makeConversation, makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryKeptSince } from '@/lib/usage/kept-since'
import { asOnlyJob } from './job-client'
import { listSweeps } from './list-sweeps'
import { previewSweep } from './preview-sweep'
import { saveStar } from './stars'
import { sweep } from './sweep'
import { sweepLock } from './sweep-lock'

let database: TestDatabase
let dataDir: string
let restoreEnv = () => {}

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-retention-'))
})
afterEach(async () => {
  restoreEnv()
  // Other tests have other times.
  await database.pool.query('TRUNCATE api_requests, request_bodies, request_links, link_keys, blocks, conversations')
  await database.pool.query('DELETE FROM domains')
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

async function idsOf(table: string): Promise<string[]> {
  const { rows } = await database.pool.query(`SELECT request_id AS id FROM ${table} ORDER BY 1`)
  return rows.map(({ id }) => id)
}

async function countBlocks(rawBytes: number): Promise<number> {
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM blocks WHERE raw_bytes = $1', [
    rawBytes,
  ])
  return rows[0].count
}

async function weekNames(): Promise<string[]> {
  const { rows } = await database.pool.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'api_requests'::regclass`,
  )
  return rows.map(({ name }) => name)
}

test('old weeks go with their blocks, the ledger and what a younger request needs stay', async () => {
  const nowMs = Date.parse('2027-06-30T12:00:00Z')
  const domainId = await makeDomain('old.example.com', { rowDays: 30 })
  const [shared, old] = ['shared '.repeat(100), 'only old '.repeat(100)]
  const ledger = async () => (await database.pool.query('SELECT sum(requests)::int AS count FROM usage_hours')).rows[0]
  const first = await recordCall(dataDir, { domainId, atMs: nowMs - 90 * dayMs, content: old })
  const second = await recordCall(dataDir, { domainId, atMs: nowMs - 90 * dayMs, content: shared })
  const third = await recordCall(dataDir, { domainId, atMs: nowMs - 20 * dayMs, content: shared })
  expect(await weekNames()).toContain('api_requests_20270329')
  const counted = await ledger()
  const swept = await sweep(null, nowMs)
  expect(swept).toMatchObject({ rows: 2, bodies: 2 })
  expect(swept?.freedBytes).toBeGreaterThan(0)
  expect(await idsOf('api_requests')).toEqual([third])
  expect(await weekNames()).not.toContain('api_requests_20270329')
  for (const id of [first, second]) expect(await loadBody(id, 'request')).toBeNull()
  expect((await loadBody(third, 'request'))?.bytes.toString()).toContain(shared)
  expect(await countBlocks(old.length)).toBe(0)
  expect(await ledger()).toEqual(counted)
})

test('every domain has its own time, for bodies and for rows', async () => {
  const nowMs = Date.parse('2028-06-30T12:00:00Z')
  const atMs = nowMs - 60 * dayMs
  const call = async (name: string, days: { bodyDays?: number; rowDays?: number }) =>
    recordCall(dataDir, { domainId: await makeDomain(name, days), atMs, content: name.repeat(50) })
  const gone = await call('gone.example.com', { rowDays: 30 })
  const rowOnly = await call('row-only.example.com', { bodyDays: 30, rowDays: 90 })
  const kept = await call('kept.example.com', { bodyDays: 90 })
  const always = await call('always.example.com', {})
  expect(await sweep(null, nowMs)).toMatchObject({ rows: 1, bodies: 2 })
  expect(await idsOf('api_requests')).toEqual([rowOnly, kept, always].sort())
  expect(await idsOf('request_bodies')).toEqual([kept, always].sort())
  for (const id of [gone, rowOnly]) expect(await loadBody(id, 'request')).toBeNull()
  for (const id of [kept, always]) expect(await loadBody(id, 'request')).not.toBeNull()
  expect(await sweep(null, nowMs)).toMatchObject({ rows: 0, bodies: 0, blocks: 0 })
})

test('RETENTION_DAYS holds where a domain says nothing, and 0 keeps for ever', async () => {
  restoreEnv = changeEnv({ RETENTION_DAYS: 30 })
  const nowMs = Date.parse('2029-06-30T12:00:00Z')
  const atMs = nowMs - 60 * dayMs
  const silent = await makeDomain('silent.example.com')
  const forEver = await makeDomain('for-ever.example.com', { rowDays: 0, bodyDays: 0 })
  await recordCall(dataDir, { domainId: silent, atMs, content: 'x' })
  const kept = await recordCall(dataDir, { domainId: forEver, atMs, content: 'y' })
  await sweep(null, nowMs)
  expect(await idsOf('api_requests')).toEqual([kept])
})

test('what is starred stays readable, with every turn of a starred conversation', async () => {
  const nowMs = Date.parse('2030-06-30T12:00:00Z')
  const atMs = nowMs - 200 * dayMs
  const domainId = await makeDomain('starred.example.com', { rowDays: 30 })
  const conversationId = await makeConversation(domainId, atMs)
  const forgotten = await makeConversation(domainId, atMs)
  const single = await recordCall(dataDir, { domainId, atMs, content: 'single '.repeat(90) })
  const turns = [
    await recordCall(dataDir, { domainId, atMs, content: 'turn one '.repeat(90), conversationId }),
    await recordCall(dataDir, { domainId, atMs: atMs + 8 * dayMs, content: 'turn two '.repeat(90), conversationId }),
  ]
  await recordCall(dataDir, { domainId, atMs, content: 'neither '.repeat(90), conversationId: forgotten })
  await saveStar({ what: 'request', id: single, isStarred: true, domains: null })
  await saveStar({ what: 'conversation', id: conversationId, isStarred: true, domains: null })
  for (let night = 0; night < 2; night += 1) await sweep(null, nowMs + night * dayMs)
  expect(await idsOf('api_requests')).toEqual([single, ...turns].sort())
  for (const id of [single, ...turns]) expect((await loadBody(id, 'request'))?.bytes.length).toBeGreaterThan(600)
  const { rows } = await database.pool.query('SELECT conversation_id AS id FROM conversations')
  expect(rows).toEqual([{ id: conversationId }])
  await saveStar({ what: 'request', id: single, isStarred: false, domains: null })
  await sweep(null, nowMs + 60 * dayMs)
  expect(await idsOf('api_requests')).toEqual(turns.toSorted())
  expect(await countBlocks('single '.repeat(90).length)).toBe(0)
})

test('a week of which something stays keeps its name, its bounds and its indexes', async () => {
  const nowMs = Date.parse('2031-06-30T12:00:00Z')
  const atMs = nowMs - 60 * dayMs
  const domainId = await makeDomain('week.example.com', { rowDays: 30 })
  const starred = await recordCall(dataDir, { domainId, atMs, content: 'a' })
  await recordCall(dataDir, { domainId, atMs, content: 'b' })
  await saveStar({ what: 'request', id: starred, isStarred: true, domains: null })
  const describeWeek = async () => {
    const { rows } = await database.pool.query(
      `SELECT inhrelid::regclass::text AS name, pg_get_expr(relpartbound, oid) AS bounds,
         (SELECT count(*)::int FROM pg_index WHERE indrelid = oid) AS indexes,
         (SELECT count(*)::int FROM pg_constraint WHERE conrelid = oid AND contype = 'c') AS checks
       FROM pg_inherits JOIN pg_class ON oid = inhrelid
       WHERE relname LIKE '%20310428' ORDER BY 1`,
    )
    return rows
  }
  const before = await describeWeek()
  expect(before).toHaveLength(4)
  await sweep(null, nowMs)
  const after = await describeWeek()
  expect(after.filter(({ name }) => name.startsWith('api_requests'))).toEqual(
    before.filter(({ name }) => name.startsWith('api_requests')),
  )
  const late = await recordCall(dataDir, { domainId, atMs: atMs + 1_000, content: 'late' })
  expect(await idsOf('api_requests')).toEqual([starred, late].sort())
})

test('the preview says what the sweep then does', async () => {
  const nowMs = Date.parse('2032-06-30T12:00:00Z')
  const domainId = await makeDomain('preview.example.com', { rowDays: 30 })
  for (const days of [200, 60, 10])
    await recordCall(dataDir, { domainId, atMs: nowMs - days * dayMs, content: `${days} days `.repeat(80) })
  const { freedBytes, ...preview } = await previewSweep(nowMs)
  expect(preview).toMatchObject({ rows: 2, bodies: 2 })
  expect(freedBytes).toBeGreaterThan(0)
  expect(await sweep('somebody', nowMs)).toMatchObject(preview)
  expect((await listSweeps())[0]).toMatchObject({ startedBy: 'somebody', rows: 2, error: null })
})

test('figures of swept weeks are never computed from the few requests that are left', async () => {
  const nowMs = Date.parse('2033-06-30T12:00:00Z')
  const domainId = await makeDomain('ledger.example.com', { rowDays: 30 })
  const starred = await recordCall(dataDir, { domainId, atMs: nowMs - 60 * dayMs, content: 'a' })
  await recordCall(dataDir, { domainId, atMs: nowMs - 60 * dayMs, content: 'b' })
  await saveStar({ what: 'request', id: starred, isStarred: true, domains: null })
  await sweep(null, nowMs)
  expect((await queryKeptSince())?.getTime()).toBeGreaterThan(nowMs - 60 * dayMs)
})

test('one process sweeps at a time', async () => {
  const second = await asOnlyJob(sweepLock, () => sweep(null, Date.now()))
  expect(second).toBeNull()
})

describe('the blocks of a recorder that runs on', () => {
  let recorder: Recorder
  afterEach(() => recorder.close())

  test('are touched when they are used again, and not rewritten daily', async () => {
    let nowMs = Date.parse('2034-06-01T12:00:00Z')
    const domainId = await makeDomain('daily.example.com', { bodyDays: 5 })
    recorder = await openRecorder({ dataDir, clock: { now: () => nowMs, monotonic: () => nowMs } })
    const content = 'daily '.repeat(100)
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] }))
    const days: string[] = []
    for (let day = 0; day < 30; day += 1, nowMs += dayMs) {
      const begin = aBegin({ receivedAtMs: nowMs, body })
      playExchange(recorder, { ...begin, caller: begin.caller && { ...begin.caller, domainId } }, {})
      await recorder.flush()
      await sweep(null, nowMs)
      const { rows } = await database.pool.query(
        'SELECT last_seen_on::text AS day FROM blocks WHERE domain_id = $1 AND raw_bytes = $2',
        [domainId, content.length],
      )
      days.push(rows[0]?.day)
    }
    expect([...new Set(days)]).toEqual(['2034-06-01', '2034-06-08', '2034-06-15', '2034-06-22', '2034-06-29'])
  }, 60_000)
})
