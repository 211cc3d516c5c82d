import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { kindRules, type KindRule } from '@/lib/claude/request-kinds'
import { env } from '@/lib/env'
import { playCapturedCall, readCapturedCalls, type CapturedCall } from '@/lib/testing/captured-calls'
import { aCall, playCall, startMs, user, type Call } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'
import { testDomainId } from '@/lib/testing/recorder-fixtures'
import { rebuildLedger } from '@/lib/usage/rebuild-ledger'
import { makeLinkSecrets } from './link-secrets'
import { continuationMarkers, type ContinuationMarker } from './markers'
import { ContentReader } from './read-again'
import { openLabel } from './sealed-label'

/** An installation of an earlier version knew fewer rules; its history comes to what today's version records. */
const stage = new LinkStage({ keepsContent: true })
const captured = readCapturedCalls(startMs)
const secrets = makeLinkSecrets(env().encryptionKey)(testDomainId)
const patienceMs = 300_000

let recall: (() => void)[] = []
afterEach(() => {
  for (const back of recall) back()
  recall = []
})

/** Takes entries out of a table of rules until the end of the test, or until `recallAll`. */
function forget<Rule>(rules: readonly Rule[], isForgotten: (rule: Rule) => boolean): void {
  const all = [...rules]
  const table = rules as Rule[]
  table.splice(0, table.length, ...all.filter((rule) => !isForgotten(rule)))
  recall.push(() => table.splice(0, table.length, ...all))
}

function recallAll(): void {
  for (const back of recall) back()
  recall = []
}

async function record(calls: readonly (CapturedCall | Call)[], atATime = calls.length): Promise<void> {
  for (const [index, call] of calls.entries()) {
    if ('name' in call) playCapturedCall(stage.recorder, call)
    else playCall(stage.recorder, call)
    if ((index + 1) % atATime === 0) await stage.recorder.flush()
  }
  await stage.recorder.flush()
}

/** Everything that pages and later links are made of. */
async function readRecord() {
  const query = async (sql: string) => (await stage.database.pool.query(sql)).rows
  return {
    requests: await query('SELECT * FROM api_requests ORDER BY request_id'),
    links:
      await query(`SELECT to_jsonb(l) - '{sealed_title,title_rank,sealed_project,sealed_git_branch,base_request_id,base_length,digests,words}'::text[] AS link
      FROM request_links l ORDER BY request_id`),
    labels: (
      await query('SELECT title, project_directory, git_branch FROM conversations ORDER BY conversation_id')
    ).map((sealed) => Object.values(sealed).map((label) => openLabel(secrets, label as string | null))),
    words: await query(`SELECT conversation_id, array_agg(DISTINCT word ORDER BY word) AS words
      FROM request_links, unnest(words) AS word GROUP BY 1 ORDER BY 1`),
    conversations: await stage.conversationRows(),
    ledger: await query('SELECT * FROM usage_hours ORDER BY hour, domain, account_id, client_key_id, model, kind'),
  }
}

async function liveRecord(calls: readonly (CapturedCall | Call)[]) {
  await record(calls)
  const live = await readRecord()
  await stage.clear()
  return live
}

const isSide = (rule: KindRule) => !['main', 'subagent', 'compaction'].includes(rule.kind)
const storyOf = (story: string) => captured.filter(({ name }) => name.startsWith(`${story}/`))

test('side calls that were taken for turns are side calls afterwards, and the dry run says why', async () => {
  const calls = storyOf('helpers')
  const live = await liveRecord(calls)
  forget(kindRules, isSide)
  await record(calls)
  const before = await readRecord()
  expect(before.conversations).not.toEqual(live.conversations)
  recallAll()

  const planned = await stage.relink({ isDryRun: true })
  expect(await readRecord()).toEqual(before)
  const suggestion = planned.find(({ requestId }) => requestId === calls[3]?.requestId)
  expect(suggestion?.kind).toEqual({
    before: 'main',
    after: 'side',
    reason: 'is claude code, last text starts "[SUGGESTION MODE: "',
  })
  expect(await stage.relink()).toEqual(planned)
  expect(await readRecord()).toEqual(live)
  expect(await stage.relink()).toEqual([])
})

test.each<[string, (rule: KindRule) => boolean, (marker: ContinuationMarker) => boolean]>([
  ['side calls', isSide, () => false],
  ['summaries', (rule) => rule.kind === 'compaction', () => true],
  ['anything but turns', (rule) => rule.kind !== 'main', () => true],
])(
  'the whole history of a version that knew no %s comes to what is recorded today',
  async (_name, isUnknownKind, isUnknownMarker) => {
    const live = await liveRecord(captured)
    forget(kindRules, isUnknownKind)
    forget(continuationMarkers, isUnknownMarker)
    await record(captured)
    recallAll()
    await stage.relink()
    expect(await readRecord()).toEqual(live)
    await rebuildLedger((day) => expect(day.requestsAfter).toBe(day.requestsBefore))
    expect((await readRecord()).ledger).toEqual(live.ledger)
  },
  patienceMs,
)

test(
  'so does that of any version, in whatever order it was recorded',
  async () => {
    const live = await liveRecord(captured)
    await fc.assert(
      fc
        .asyncProperty(
          fc.subarray([...kindRules]),
          fc.subarray([...continuationMarkers]),
          fc.shuffledSubarray([...captured], { minLength: captured.length }),
          async (unknownKinds, unknownMarkers, order) => {
            forget(kindRules, (rule) => unknownKinds.includes(rule))
            forget(continuationMarkers, (marker) => unknownMarkers.includes(marker))
            await record(order, 20)
            recallAll()
            const planned = await stage.relink({ isDryRun: true })
            expect(await stage.relink()).toEqual(planned)
            expect(await readRecord()).toEqual(live)
          },
        )
        .beforeEach(() => stage.clear()),
      { numRuns: 5, seed: 20_261_123, examples: [[[...kindRules], [...continuationMarkers], captured.toReversed()]] },
    )
  },
  patienceMs,
)

test('what turns out to belong to no conversation leaves the one it had', async () => {
  const warmUp = aCall({ atMs: startMs, messages: [user('Hello')], answer: 'H', body: { max_tokens: 0 } })
  const live = await liveRecord([warmUp])
  forget(kindRules, isSide)
  await record([warmUp])
  expect((await readRecord()).conversations).toHaveLength(1)
  recallAll()
  expect(await stage.relink()).toMatchObject([{ kind: { before: 'main', after: 'side' }, link: { after: null } }])
  expect(await readRecord()).toEqual(live)
})

test('what could not be linked when it was recorded is linked', async () => {
  const calls = storyOf('turns')
  const live = await liveRecord(calls)
  await record(calls)
  await stage.database.pool.query(`TRUNCATE request_links, link_keys, conversations;
    UPDATE api_requests SET conversation_id = NULL, branch_id = NULL, parent_request_id = NULL, is_subtask = false,
      parent_task_request_id = NULL, attempt_of = NULL, link_reason = NULL`)
  expect(await stage.relink()).toHaveLength(calls.length)
  expect(await readRecord()).toEqual(live)
})

test('without its content a request keeps its kind, and so does a replay', async () => {
  const calls = storyOf('helpers')
  forget(kindRules, isSide)
  await record(calls)
  recallAll()
  const replayed = calls[4]?.requestId
  await stage.database.pool.query(`UPDATE api_requests SET kind = 'replay' WHERE request_id = $1`, [replayed])
  await stage.database.pool.query('DELETE FROM request_bodies WHERE request_id <> $1', [replayed])
  expect(await stage.relink()).toEqual([])
})

test('words and titles that are deleted while a request is read are not written again', async () => {
  forget(kindRules, isSide)
  await record(storyOf('helpers'))
  recallAll()
  const { read } = ContentReader.prototype
  const spied = vi.spyOn(ContentReader.prototype, 'read').mockImplementation(async function (this: ContentReader, row) {
    const known = await read.call(this, row)
    await stage.database.pool.query('DELETE FROM request_bodies')
    await stage.database.pool.query(
      "UPDATE request_links SET words = '{}', sealed_title = NULL, sealed_project = NULL, sealed_git_branch = NULL",
    )
    return known
  })
  await stage.relink()
  spied.mockRestore()
  const { rows } = await stage.database.pool.query(
    "SELECT FROM request_links WHERE words <> '{}' OR coalesce(sealed_title, sealed_project, sealed_git_branch) IS NOT NULL",
  )
  expect(rows).toEqual([])
})
