import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { hotPool } from '@/lib/db'
import { loadBody } from '@/lib/recorder/load-body'
import { createDistantDatabase } from '@/lib/testing/distant-database'
import { makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import * as betweenBatchesModule from './between-batches'
import { eraseBodies } from './erase-bodies'
import * as finishErasuresModule from './finish-erasures'

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
  return { domainId, requestId: await recordCall(dataDir, { domainId, atMs: Date.now(), content: name }) }
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

test('a deletion that meets a recorder over the blocks tries again, and marks them', async () => {
  const { domainId } = await recordOne('deadlock.example.com')
  vi.spyOn(finishErasuresModule, 'finishErasures').mockResolvedValue({ blocks: 0, bytes: 0 })
  await hotPool().query(`
    CREATE SEQUENCE meetings;
    CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('meetings') = 1 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER meet BEFORE UPDATE ON blocks FOR EACH STATEMENT EXECUTE FUNCTION meet()`)
  await eraseBodies({ domainId }, by)
  const { rows } = await hotPool().query(
    `SELECT count(*)::int AS blocks FROM blocks WHERE domain_id = $1 AND last_seen_on > '1970-01-01'`,
    [domainId],
  )
  expect(rows).toEqual([{ blocks: 0 }])
})
