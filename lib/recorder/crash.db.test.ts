import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { log } from '@/lib/log'
import { aBegin, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { loadBody } from './load-body'
import { openRecorder, type Recorder } from './recorder'

/** Processes that die, and journals that are read more than once. */
let database: TestDatabase
let root: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'nexus-crash-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function totals(domain: string) {
  const { rows } = await database.pool.query(
    `SELECT (SELECT count(*)::int FROM api_requests WHERE domain = $1) AS rows,
      (SELECT coalesce(sum(requests), 0)::int FROM usage_hours WHERE domain = $1) AS counted`,
    [domain],
  )
  return rows[0] as { rows: number; counted: number }
}

/** Runs the writer and kills it some time after its first exchange; answers what it had begun. */
async function runAndKill(dataDir: string, afterMs: number): Promise<string[]> {
  const script = path.join(import.meta.dirname, 'killed-writer.fixture.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, database.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (piece) => (said += String(piece)))
  await waitUntil(() => said.includes('begun'), { timeoutMs: 30_000, what: 'the writer' })
  await delay(afterMs)
  child.kill('SIGKILL')
  await once(child, 'close')
  return said
    .split('\n')
    .filter((line) => /^begun \S{36}$/.test(line))
    .map((line) => line.slice(6))
}

test('kill -9 at random instants: every exchange that had begun is recorded exactly once', async () => {
  const dataDir = path.join(root, 'data')
  const begun: string[] = []
  for (let round = 0; round < 5; round += 1) begun.push(...(await runAndKill(dataDir, Math.random() * 400)))
  const recorder = await openRecorder({ dataDir })
  await recorder.flush()
  const { rows } = await database.pool.query(
    `SELECT request_id AS id, outcome FROM api_requests WHERE domain = 'killed.example.com'`,
  )
  const recorded = new Map(rows.map(({ id, outcome }) => [id, outcome]))
  expect(begun.filter((id) => !recorded.has(id))).toEqual([])
  expect(begun.length).toBeGreaterThan(20)
  expect([...new Set(recorded.values())].sort()).toEqual(['completed', 'interrupted'])
  const { rows: counted, counted: requests } = await totals('killed.example.com')
  expect(requests).toBe(counted)
  await recorder.close()
  // A frame that was being written when the process died is set aside.
  const left = (await readdir(path.join(dataDir, 'journal'))).filter((name) => name !== 'quarantine')
  expect(left).toEqual([])
}, 120_000)

/** A journal with exchanges in it, left by a recorder that had no database. */
async function leaveJournal(dataDir: string, count: number, domain: string): Promise<void> {
  const pool = new Pool({ connectionString: 'postgresql://postgres@127.0.0.1:9/none', connectionTimeoutMillis: 100 })
  const recorder = await openRecorder({ dataDir, pool: () => pool, closeWithinMs: 0 })
  for (let index = 0; index < count; index += 1) {
    const begin = aBegin()
    playExchange(
      recorder,
      { ...begin, caller: begin.caller && { ...begin.caller, domain } },
      { response: streamOf(`Hello ${index}`) },
    )
  }
  await recorder.close()
  await pool.end()
}

test('the same journal taken over twice gives the same totals', async () => {
  const [original, copy] = [path.join(root, 'original'), path.join(root, 'copy')]
  await leaveJournal(original, 40, 'twice.example.com')
  await cp(original, copy, { recursive: true })
  for (const dataDir of [original, copy]) {
    const recorder = await openRecorder({ dataDir })
    await recorder.flush()
    await recorder.close()
    expect(await totals('twice.example.com')).toEqual({ rows: 40, counted: 40 })
  }
})

test('two processes that take over the same journal at once give the same totals', async () => {
  const dataDirs = [0, 1, 2].map((index) => path.join(root, `data-${index}`))
  await leaveJournal(dataDirs[0] ?? '', 150, 'both.example.com')
  for (const copy of dataDirs.slice(1)) await cp(dataDirs[0] ?? '', copy, { recursive: true })
  const recorders = await Promise.all(dataDirs.map((dataDir) => openRecorder({ dataDir })))
  await Promise.all(recorders.map((recorder) => recorder.flush()))
  expect(await totals('both.example.com')).toEqual({ rows: 150, counted: 150 })
  await Promise.all(recorders.map((recorder) => recorder.close()))
})

test('a disk that refuses to give up a recorded journal ends nothing', async () => {
  const dataDir = path.join(root, 'refusing')
  await leaveJournal(dataDir, 3, 'refusing.example.com')
  const warned = vi.spyOn(log(), 'warn').mockImplementation(() => undefined)
  const remove = vi.spyOn(fs, 'rm').mockRejectedValueOnce(new Error('EIO: i/o error'))
  syncBuiltinESMExports()
  const recorder = await openRecorder({ dataDir })
  await recorder.flush()
  await waitUntil(() => remove.mock.calls.length > 0 && warned.mock.calls.length > 0)
  remove.mockRestore()
  warned.mockRestore()
  syncBuiltinESMExports()
  expect(await totals('refusing.example.com')).toEqual({ rows: 3, counted: 3 })
  await recorder.close()
})

test('requests of long ago find a place, and their bodies come back', async () => {
  const recorder: Recorder = await openRecorder({ dataDir: path.join(root, 'old') })
  const weeksAgo = [1, 5, 60].map((weeks) => Date.now() - weeks * 7 * 86_400_000)
  const begins = weeksAgo.map((receivedAtMs) => aBegin({ receivedAtMs, requestId: idOf(receivedAtMs) }))
  for (const begin of begins) playExchange(recorder, begin, { response: streamOf('old') })
  await recorder.flush()
  for (const begin of begins)
    expect((await loadBody(begin.requestId, 'response'))?.bytes.equals(streamOf('old'))).toBe(true)
  await recorder.close()
})

function idOf(atMs: number): string {
  const hex = atMs.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`
}
