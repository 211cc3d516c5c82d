import { expect, test } from 'vitest'
import { aCall, assistant, callTool, startMs, text, user } from './conversation-fixtures'
import { LinkStage } from './link-stage'

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
