import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { hotPool } from '@/lib/db'
import { loadWholeExchange } from '@/lib/recorder/load-body'
import type { LinkConversations } from '@/lib/recorder/link-port'
import { batchLock } from '@/lib/recorder/open-batch'
import { openRecorder, type Recorder, type RecorderOptions } from '@/lib/recorder/recorder'
import { aCall, assistant, beginCall, playCall, user, type Call } from '@/lib/testing/conversation-fixtures'
import { makeDomain } from '@/lib/testing/retention-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { eraseBodies } from './erase-bodies'

/** What was received before a deletion and is recorded after it. */

let database: TestDatabase
let dataDir: string
let domainId: string
let domains = 0
const recorders: Recorder[] = []
const by = { actor: { userId: null, name: 'An admin' }, address: null }
const sessionId = '0b7c3a52-1111-4222-8333-444455556666'
const opening = [user('Fix the zeppelin')]
const goingOn = [...opening, assistant('Done.'), user('And the propeller?')]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-late-'))
  domainId = await makeDomain(`late-${(domains += 1)}.example.com`)
})
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.close()
  await rm(dataDir, { recursive: true })
})

async function open(options: Partial<RecorderOptions> = {}): Promise<Recorder> {
  const recorder = await openRecorder({ dataDir, link: makeLinker(), ...options })
  recorders.push(recorder)
  return recorder
}

const call = (more: Partial<Parameters<typeof aCall>[0]> = {}) =>
  aCall({ atMs: Date.now(), domainId, sessionId, messages: opening, answer: 'Done.', ...more })
const nextTurn = () => call({ messages: goingOn, answer: 'Turning again.' })

async function play(recorder: Recorder, one: Call): Promise<Call> {
  playCall(recorder, one)
  await recorder.flush()
  return one
}

async function conversationOf({ requestId }: Call): Promise<string> {
  const { rows } = await database.pool.query('SELECT conversation_id AS id FROM api_requests WHERE request_id = $1', [
    requestId,
  ])
  return rows[0].id
}

/** Everything that says what was said, besides blocks. */
async function textOf({ requestId }: Call) {
  const { rows } = await database.pool.query(
    `SELECT l.words <> '{}' AS "hasWords",
       coalesce(l.sealed_title, l.sealed_project, l.sealed_git_branch) IS NOT NULL AS "hasLabels",
       coalesce(c.title, c.project_directory, c.git_branch) IS NOT NULL AS "isTitled"
     FROM api_requests r JOIN request_links l USING (request_id)
       JOIN conversations c ON c.conversation_id = r.conversation_id WHERE r.request_id = $1`,
    [requestId],
  )
  return rows[0]
}

async function expectOnlyNumbers(one: Call): Promise<void> {
  const { rows } = await database.pool.query(
    `SELECT input_tokens, output_tokens, cost_micro_usd > 0 AS "isPriced" FROM api_requests WHERE request_id = $1`,
    [one.requestId],
  )
  expect(rows).toEqual([{ input_tokens: '10', output_tokens: '5', isPriced: true }])
  expect(await loadWholeExchange(one.requestId)).toBeNull()
  expect(await textOf(one)).toEqual({ hasWords: false, hasLabels: false, isTitled: false })
}

async function expectContent(one: Call): Promise<void> {
  const { request } = (await loadWholeExchange(one.requestId)) ?? {}
  expect(request?.bytes.toString()).toBe(JSON.stringify(one.body))
  expect(await textOf(one)).toMatchObject({ hasWords: true })
}

test('a call that runs while its domain’s content is deleted keeps its numbers and nothing that was said', async () => {
  const recorder = await open()
  const running = call()
  const end = beginCall(recorder, running)
  await eraseBodies({ domainId }, by)
  end()
  await recorder.flush()
  await expectOnlyNumbers(running)
})

test('a turn that runs while its conversation’s content is deleted does not bring it back', async () => {
  const recorder = await open()
  const first = await play(recorder, call())
  const running = nextTurn()
  const end = beginCall(recorder, running)
  await eraseBodies({ conversationId: await conversationOf(first) }, by)
  end()
  await recorder.flush()
  expect(await conversationOf(running)).toBe(await conversationOf(first))
  await expectOnlyNumbers(running)
})

test('a title that is asked for while the content of its conversation is deleted is not kept', async () => {
  const recorder = await open()
  const first = await play(recorder, call())
  const title = call({
    messages: [user('Write a title')],
    answer: '{"title": "The zeppelin"}',
    body: { tools: [], output_config: { format: { type: 'json_schema', schema: titleSchema } } },
  })
  const end = beginCall(recorder, title)
  await eraseBodies({ conversationId: await conversationOf(first) }, by)
  end()
  await recorder.flush()
  const { rows } = await database.pool.query('SELECT kind FROM api_requests WHERE request_id = $1', [title.requestId])
  expect(rows).toEqual([{ kind: 'title' }])
  await expectOnlyNumbers(title)
})

const titleSchema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }

test('an older attempt that ends after the deletion, and turns out to be the beginning, does not bring it back', async () => {
  const recorder = await open()
  const slow = call({ atMs: Date.now() - 2 })
  const slower = call({ atMs: slow.atMs + 1 })
  const [endSlow, endSlower] = [beginCall(recorder, slow), beginCall(recorder, slower)]
  const retry = await play(recorder, call())
  await eraseBodies({ conversationId: await conversationOf(retry) }, by)
  for (const end of [endSlower, endSlow]) {
    end()
    await recorder.flush()
  }
  expect(await conversationOf(retry)).toBe(slow.requestId)
  for (const one of [slow, slower, retry]) await expectOnlyNumbers(one)
})

test('a call of another conversation that runs meanwhile keeps what it says', async () => {
  const recorder = await open()
  const first = await play(recorder, call())
  const other = call({ messages: [user('Something else')], sessionId: '0b7c3a52-9999-4222-8333-444455556666' })
  const end = beginCall(recorder, other)
  await eraseBodies({ conversationId: await conversationOf(first) }, by)
  end()
  await recorder.flush()
  await expectContent(other)
})

test('what is received after the deletion is recorded with all it says, and found by all its words', async () => {
  const recorder = await open()
  const running = call()
  const end = beginCall(recorder, running)
  await eraseBodies({ domainId }, by)
  const later = { ...nextTurn(), answer: [{ type: 'text', text: 'The zeppelin flies.' }] }
  playCall(recorder, later)
  end()
  await recorder.flush()
  await expectOnlyNumbers(running)
  await expectContent(later)
  const { rows } = await database.pool.query(
    `SELECT cardinality(words) AS words FROM request_links WHERE request_id = $1`,
    [later.requestId],
  )
  expect(rows).toEqual([{ words: 5 }])
})

test('what is recorded while a long deletion goes on keeps its words and its title', async () => {
  const recorder = await open()
  const old = await play(recorder, call())
  const reader = await database.pool.connect()
  await reader.query('BEGIN')
  await reader.query('SELECT FROM request_bodies WHERE request_id = $1 FOR UPDATE', [old.requestId])
  const erasing = eraseBodies({ domainId }, by)
  await waitUntil(isJobWaiting, { what: 'the deletion to wait for a row' })
  const later = await play(recorder, call({ sessionId: '0b7c3a52-9999-4222-8333-444455556666' }))
  await reader.query('COMMIT')
  reader.release()
  await erasing
  await expectOnlyNumbers(old)
  await expectContent(later)
  expect(await textOf(later)).toEqual({ hasWords: true, hasLabels: true, isTitled: true })
})

async function isJobWaiting(): Promise<boolean> {
  const { rows } = await database.pool.query(
    `SELECT FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'nexus-job' AND wait_event_type = 'Lock'`,
  )
  return rows.length > 0
}

test('a call that waited in the journal for the database is recorded without what was deleted meanwhile', async () => {
  const nowhere = new Pool({ host: '127.0.0.1', port: 1 })
  let isAway = true
  const recorder = await open({ pool: () => (isAway ? nowhere : hotPool()) })
  const waiting = call()
  playCall(recorder, waiting)
  await waitUntil(async () => recorder.status().lastError !== null, { what: 'the database to be missed' })
  await eraseBodies({ domainId }, by)
  isAway = false
  await recorder.flush()
  await expectOnlyNumbers(waiting)
  await nowhere.end()
})

test('what a dead process left in its journal is recorded without what was deleted since', async () => {
  const nowhere = new Pool({ host: '127.0.0.1', port: 1 })
  const dying = await openRecorder({ dataDir, pool: () => nowhere, closeWithinMs: 0 })
  const left = call()
  playCall(dying, left)
  await dying.close()
  await eraseBodies({ domainId }, by)
  const next = await open()
  await next.flush()
  await expectOnlyNumbers(left)
  await nowhere.end()
})

test('a deletion waits for the batch that is being written, and takes what it wrote', async () => {
  const linker = makeLinker()
  let enter = () => {}
  let release = () => {}
  const entered = new Promise<void>((resolve) => (enter = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const link: LinkConversations = async (...batch) => {
    enter()
    await released
    return linker(...batch)
  }
  const recorder = await open({ link })
  const written = call()
  playCall(recorder, written)
  await entered
  const erasing = eraseBodies({ domainId }, by)
  await waitUntil(isWaitedFor, { what: 'the deletion to wait for the batch' })
  release()
  expect(await erasing).toEqual({ bodies: 1 })
  await recorder.flush()
  await expectOnlyNumbers(written)
})

async function isWaitedFor(): Promise<boolean> {
  const { rows } = await database.pool.query(
    `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
     WHERE d.datname = current_database() AND locktype = 'advisory' AND objid = $1 AND NOT granted`,
    [batchLock],
  )
  return rows.length > 0
}

test('the clock of a machine may be wrong by a minute', async () => {
  const now = () => Date.now() + 60_000
  const recorder = await open({ clock: { now, monotonic: () => performance.now() } })
  const running = call({ atMs: now() })
  const end = beginCall(recorder, running)
  await eraseBodies({ domainId }, by)
  end()
  await recorder.flush()
  await expectOnlyNumbers(running)
})

test('where nobody can tell the conversation of a call, what it says is not kept either', async () => {
  const first = await play(await open(), call())
  const recorder = await open({ link: () => Promise.reject(new TypeError('a bug')) })
  const running = nextTurn()
  const end = beginCall(recorder, running)
  await eraseBodies({ conversationId: await conversationOf(first) }, by)
  end()
  await recorder.flush()
  expect(await conversationOf(running)).toBeNull()
  expect(await loadWholeExchange(running.requestId)).toBeNull()
})
