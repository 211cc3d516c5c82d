import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { hotPool } from '@/lib/db'
import { loadBody } from '@/lib/recorder/load-body'
import { createDistantDatabase } from '@/lib/testing/distant-database'
import { makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import { waitUntil } from '@/lib/testing/wait-until'
import * as betweenBatchesModule from './between-batches'
import { eraseBodies } from './erase-bodies'
import * as finishErasuresModule from './finish-erasures'
import { asOnlyJob } from './job-client'
import { sweepLock } from './sweep-lock'

/** Deletions that the database makes hard. */

let database: Awaited<ReturnType<typeof createDistantDatabase>>
let dataDir: string
const by = { actor: { userId: null, name: 'An admin' }, address: null }

beforeAll(async () => {
  database = await createDistantDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-hard-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})
afterEach(() => vi.restoreAllMocks())

async function recordOne(name: string) {
  const domainId = await makeDomain(name)
  return { domainId, requestId: await recordCall(dataDir, { domainId, atMs: Date.now(), content: name.repeat(50) }) }
}

test('a deletion goes on when the database was away in its middle, and the audit log has it', async () => {
  const { domainId, requestId } = await recordOne('away.example.com')
  vi.spyOn(finishErasuresModule, 'finishErasures').mockResolvedValue({ blocks: 0, bytes: 0 })
  const { betweenBatches } = betweenBatchesModule
  vi.spyOn(betweenBatchesModule, 'betweenBatches').mockImplementationOnce(async (client, work) => {
    const result = await betweenBatches(client, work)
    database.goAway(1_000)
    return result
  })
  expect(await eraseBodies({ domainId }, by)).toEqual({ bodies: 1 })
  expect(await loadBody(requestId, 'request')).toBeNull()
  const { rows } = await hotPool().query('SELECT action FROM audit_events WHERE target_id = $1', [domainId])
  expect(rows).toEqual([{ action: 'bodies.erase' }])
})

/** The next statement that marks blocks meets a recorder's, and is the one that gives way. */
async function meetRecorder(): Promise<void> {
  await hotPool().query(`
    DROP SEQUENCE IF EXISTS meetings;
    CREATE SEQUENCE meetings;
    CREATE OR REPLACE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('meetings') = 1 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER meet BEFORE UPDATE ON blocks FOR EACH STATEMENT EXECUTE FUNCTION meet()`)
}

test('a deletion that meets a recorder over the blocks tries again, and marks them', async () => {
  const { domainId } = await recordOne('deadlock.example.com')
  vi.spyOn(finishErasuresModule, 'finishErasures').mockResolvedValue({ blocks: 0, bytes: 0 })
  await meetRecorder()
  await eraseBodies({ domainId }, by)
  const { rows } = await hotPool().query(
    `SELECT count(*)::int AS blocks FROM blocks WHERE domain_id = $1 AND last_seen_on > '1970-01-01'`,
    [domainId],
  )
  expect(rows).toEqual([{ blocks: 0 }])
})

test('a deletion that tries again deletes what was there when it began, and nothing that was said since', async () => {
  const { domainId } = await recordOne('since.example.com')
  await meetRecorder()
  const betweenBatches = vi.spyOn(betweenBatchesModule, 'betweenBatches')
  await eraseBodies({ domainId }, by)
  expect(betweenBatches).toHaveBeenCalledTimes(1)
})

test('the blocks go as soon as another job lets them, not with the next sweep', async () => {
  const { domainId } = await recordOne('busy.example.com')
  await asOnlyJob(sweepLock, async () => {
    const query = vi.spyOn(Client.prototype, 'query')
    const tries = () => query.mock.calls.findIndex(([sql]) => String(sql).includes('pg_try_advisory_lock'))
    await eraseBodies({ domainId }, by)
    await waitUntil(() => tries() >= 0, { what: 'the collection to ask for its turn' })
    await query.mock.results[tries()]?.value
    query.mockRestore()
  })
  const isEmpty = async () =>
    (await hotPool().query('SELECT 1 FROM blocks WHERE domain_id = $1 LIMIT 1', [domainId])).rowCount === 0
  await waitUntil(isEmpty, { timeoutMs: 15_000, what: 'the blocks to be collected' })
})

test('a deletion of however many bodies holds no more than some of their ids at a time', async () => {
  const { domainId, requestId } = await recordOne('large.example.com')
  await hotPool().query(
    `INSERT INTO request_bodies (request_id, domain_id)
     SELECT (left($2, 24) || lpad(to_hex(n), 12, '0'))::uuid, $1 FROM generate_series(1, 2500) n`,
    [domainId, requestId],
  )
  vi.spyOn(finishErasuresModule, 'finishErasures').mockResolvedValue({ blocks: 0, bytes: 0 })
  const query = vi.spyOn(Client.prototype, 'query')
  expect(await eraseBodies({ domainId }, by)).toEqual({ bodies: 2_501 })
  const answers = await Promise.all(query.mock.results.map(({ value }) => value as Promise<{ rows?: unknown[] }>))
  expect(Math.max(...answers.map((answer) => answer?.rows?.length ?? 0))).toBeLessThanOrEqual(1_000)
})
