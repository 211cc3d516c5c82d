import { afterEach, expect, test } from 'vitest'
import { kindRules, type KindRule } from '@/lib/claude/request-kinds'
import { rebuildLedger } from '@/lib/usage/rebuild-ledger'
import { playCapturedCall, readCapturedCalls, type CapturedCall } from './captured-calls'
import { startMs } from './conversation-fixtures'
import { LinkStage } from './link-stage'
import { continuationMarkers, type ContinuationMarker } from './markers'

/** An installation of an earlier version knew fewer rules; its history comes to what today's version records. */
const stage = new LinkStage({ keepsContent: true })
const captured = readCapturedCalls(startMs)
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

async function record(calls: readonly CapturedCall[]): Promise<void> {
  for (const call of calls) playCapturedCall(stage.recorder, call)
  await stage.recorder.flush()
}

/** Everything that pages and later links are made of; what is sealed anew each time is only said to be there. */
async function readRecord() {
  const query = async (sql: string) => (await stage.database.pool.query(sql)).rows
  return {
    requests: await query('SELECT * FROM api_requests ORDER BY request_id'),
    links:
      await query(`SELECT to_jsonb(l) - '{sealed_title,sealed_project,sealed_git_branch,base_request_id,base_length,digests,words}'::text[] AS link,
      sealed_title IS NOT NULL AS titled FROM request_links l ORDER BY request_id`),
    words: await query(`SELECT conversation_id, array_agg(DISTINCT word ORDER BY word) AS words
      FROM request_links, unnest(words) AS word GROUP BY 1 ORDER BY 1`),
    conversations: await stage.conversationRows(),
    ledger: await query('SELECT * FROM usage_hours ORDER BY hour, domain, account_id, client_key_id, model, kind'),
  }
}

async function liveRecord(calls: readonly CapturedCall[]) {
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
