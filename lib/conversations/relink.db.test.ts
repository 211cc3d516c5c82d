import { expect, test, vi } from 'vitest'
import { aCall, assistant, callTool, startMs, text, user } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'
import { ContentReader } from './read-again'
import * as recordedRows from './recorded-rows'

const stage = new LinkStage()
const session = '0b7c3a52-1111-4222-8333-444455556666'
const first = [user('Fix the bug')]
const second = [...first, assistant('Done.'), user('Thanks, and the tests?')]
const explore = callTool('toolu_a', 'Agent', { prompt: 'Find all tests' })
const at = (minutes: number) => startMs + minutes * 60_000

const calls = {
  one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: [text('Done.')] }),
  two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: [explore] }),
  task: aCall({ atMs: at(2), sessionId: session, agentId: 'a1', messages: [user('Find all tests')], answer: 'Three.' }),
  edited: aCall({
    atMs: at(3),
    sessionId: session,
    messages: [...first, assistant('Done.'), user('No')],
    answer: 'Oh.',
  }),
}

test('linking all of it again changes nothing', async () => {
  const live = await stage.linksOf(calls)
  const counted = await stage.conversationRows()
  expect(await stage.relink()).toEqual([])
  expect(await stage.readLinks(calls)).toEqual(live)
  expect(await stage.conversationRows()).toEqual(counted)
})

test('what other rules did is put right, and a dry run only says so', async () => {
  const live = await stage.linksOf(calls)
  const counted = await stage.conversationRows()
  const spoil = `SET conversation_id = '${calls.edited.requestId}', branch_id = 'main' WHERE request_id = '${calls.edited.requestId}'`
  await stage.database.pool.query(`UPDATE request_links ${spoil}; UPDATE api_requests ${spoil}`)

  expect(await stage.relink({ isDryRun: true })).toMatchObject([
    {
      requestId: calls.edited.requestId,
      kind: null,
      link: {
        before: { conversationId: calls.edited.requestId },
        after: { conversationId: calls.one.requestId, branchId: 'branch_20261122100300' },
      },
    },
  ])
  expect((await stage.readLinks(calls)).edited.conversation).toBe('edited')

  await stage.relink()
  expect(await stage.readLinks(calls)).toEqual(live)
  expect(await stage.conversationRows()).toEqual(counted)
})

test('a run goes on when the database was away in its middle, and counts every request once', async () => {
  const live = await stage.linksOf(calls)
  const spoil = `SET conversation_id = '${calls.edited.requestId}', branch_id = 'main' WHERE request_id = '${calls.edited.requestId}'`
  await stage.database.pool.query(`UPDATE request_links ${spoil}; UPDATE api_requests ${spoil}`)
  const { listRecorded } = recordedRows
  const away = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  const list = vi.spyOn(recordedRows, 'listRecorded')
  list.mockImplementationOnce((client, question) => listRecorded(client, { ...question, limit: 2 }))
  list.mockImplementationOnce(listRecorded)
  list.mockRejectedValueOnce(away)
  const requests: number[] = []
  await stage.relink({ onProgress: (progress) => void requests.push(progress.requests) })
  list.mockRestore()
  expect(requests).toEqual([2, 4])
  expect(await stage.readLinks(calls)).toEqual(live)
})

test('a dry run ends when the database goes away: what it saw is gone with its transaction', async () => {
  await stage.linksOf(calls)
  const away = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  vi.spyOn(recordedRows, 'listRecorded').mockRejectedValueOnce(away)
  await expect(stage.relink({ isDryRun: true })).rejects.toThrow('terminating connection')
})

test('the deletion of a conversation’s content goes along with its turns', async () => {
  await stage.linksOf(calls)
  const { requestId } = calls.edited
  const erasedAt = new Date(at(4))
  const spoil = `SET conversation_id = '${requestId}', branch_id = 'main' WHERE request_id = '${requestId}'`
  await stage.database.pool.query(`UPDATE request_links ${spoil}; UPDATE api_requests ${spoil}`)
  await stage.database.pool.query(
    `INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at, bodies_erased_at)
     VALUES ($1, $2, 'team-a.example.com', $3, $3, $3)`,
    [requestId, calls.edited.domainId, erasedAt],
  )
  await stage.relink()
  const { rows } = await stage.database.pool.query('SELECT conversation_id, bodies_erased_at FROM conversations')
  expect(rows).toEqual([{ conversation_id: calls.one.requestId, bodies_erased_at: erasedAt }])
})

/** More than are linked at a time. */
const conversations = Array.from({ length: 60 }, (_none, index) => `Question ${index}`)

function turnsOf(question: string, from: number, to: number) {
  const history = [user(question)]
  const turns = Array.from({ length: to }, (_none, turn) => {
    const call = aCall({
      atMs: at(100 + turn) + conversations.indexOf(question),
      messages: [...history],
      answer: 'Hm.',
    })
    history.push(assistant('Hm.'), user(`And ${turn}?`))
    return [`${question}, turn ${turn}`, call] as const
  })
  return turns.slice(from, to)
}

test.each([
  ['for good', false],
  ['for a try', true],
])('the recorder goes on while a history is linked again %s, and nothing of it is lost', async (_name, isDryRun) => {
  const known = new Map(conversations.map((question) => [question, turnsOf(question, 0, 3)]))
  const byTime = (turn: number) => conversations.map((question) => known.get(question)?.[turn] ?? fail())
  const all = Object.fromEntries([0, 1, 2].flatMap(byTime))
  await stage.record(Object.values(all))
  const live = await stage.readLinks(all)
  const counted = await stage.conversationRows()
  await stage.clear()

  // The second turn of every other conversation comes while its beginning and its end are linked again.
  const late = byTime(1).filter((_turn, index) => index % 2 === 0)
  const early = Object.entries(all).filter(([name]) => !late.some(([other]) => other === name))
  const last = byTime(2)
  await stage.record(early.filter(([name]) => !last.some(([other]) => other === name)).map(([, call]) => call))
  await stage.database.pool.query(
    "UPDATE request_links SET conversation_id = request_id, branch_id = 'main', parent_request_id = NULL, parent_node_id = NULL",
  )
  await stage.database.pool.query('UPDATE api_requests SET conversation_id = request_id, parent_request_id = NULL')
  let batches = 0
  await stage.relink({
    isDryRun,
    onProgress: async () => {
      batches += 1
      if (batches === 1) await stage.record([...late, ...last].map(([, call]) => call))
    },
  })
  expect(batches).toBeGreaterThan(1)
  if (isDryRun) await stage.relink()
  expect(await stage.readLinks(all)).toEqual(live)
  expect(await stage.conversationRows()).toEqual(counted)
})

test('after a run that was interrupted the record holds together, and the next run does the rest', async () => {
  const all = Object.fromEntries(conversations.flatMap((question) => turnsOf(question, 0, 3)))
  await stage.record(Object.values(all).toSorted((a, b) => a.atMs - b.atMs))
  const live = await stage.readLinks(all)
  const counted = await stage.conversationRows()
  const apart = "SET conversation_id = request_id, branch_id = 'main'"
  await stage.database.pool.query(`UPDATE request_links ${apart}; UPDATE api_requests ${apart}`)
  await expect(
    stage.relink({
      onProgress: () => {
        throw new Error('the power is gone')
      },
    }),
  ).rejects.toThrow('the power is gone')
  const { rows } = await stage.database.pool.query(
    'SELECT FROM api_requests JOIN request_links USING (request_id) WHERE api_requests.conversation_id <> request_links.conversation_id',
  )
  expect(rows).toEqual([])
  await stage.relink()
  expect(await stage.readLinks(all)).toEqual(live)
  expect(await stage.conversationRows()).toEqual(counted)
})

test('what is recorded among requests that are being read is not left behind with a parent that moves', async () => {
  const live = await stage.linksOf(calls)
  await stage.clear()
  const { two, ...early } = calls
  await stage.record(Object.values(early))
  const elsewhere = `SET conversation_id = '${calls.task.requestId}' WHERE request_id = '${calls.one.requestId}'`
  await stage.database.pool.query(`UPDATE request_links ${elsewhere}; UPDATE api_requests ${elsewhere}`)

  const read = vi.spyOn(ContentReader.prototype, 'read').mockImplementationOnce(async () => {
    await stage.record([two])
    return null
  })
  await stage.relink()
  read.mockRestore()
  expect(await stage.readLinks(calls)).toEqual(live)
})

function fail(): never {
  throw new Error('there is no such turn')
}
