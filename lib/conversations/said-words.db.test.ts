import { expect, test } from 'vitest'
import { env } from '@/lib/env'
import { aCall, assistant, playCall, startMs, user } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'
import { testDomainId } from '@/lib/testing/recorder-fixtures'
import { makeLinkSecrets } from './link-secrets'
import { searchWordsOf } from './search-words'

const stage = new LinkStage()
const sessionId = '0b7c3a52-1111-4222-8333-444455556666'
const at = (minutes: number) => startMs + minutes * 60_000

const first = [user('Paint the zebra')]
const second = [...first, assistant('Painted.'), user('Another zebra please')]
const third = [...second, assistant('There it is.'), user('And one more zebra')]
const calls = () => ({
  one: aCall({ atMs: at(0), sessionId, messages: first, answer: 'Painted.' }),
  two: aCall({ atMs: at(1), sessionId, messages: second, answer: 'There it is.' }),
  three: aCall({ atMs: at(2), sessionId, messages: third, answer: 'Done.' }),
})

async function requestsSaying(word: string): Promise<string[]> {
  const numbers = searchWordsOf(word, makeLinkSecrets(env().encryptionKey)(testDomainId))
  const { rows } = await stage.database.pool.query<{ id: string }>(
    'SELECT request_id AS id FROM request_links WHERE words && $1::int[] ORDER BY 1',
    [numbers],
  )
  return rows.map(({ id }) => id)
}

test('a word is stored where a conversation says it first, however often it comes again', async () => {
  const played = calls()
  await stage.linksOfBatch(played)
  expect(await requestsSaying('zebra')).toEqual([played.one.requestId])
  expect(await requestsSaying('another')).toEqual([played.two.requestId])
})

test('a request that leaves its conversation takes the words of its beginning along', async () => {
  const played = calls()
  await stage.linksOf(played)
  const elsewhere = `SET conversation_id = '${played.two.requestId}' WHERE request_id = '${played.two.requestId}'`
  await stage.database.pool.query(`UPDATE request_links ${elsewhere}; UPDATE api_requests ${elsewhere}`)
  await stage.relink()
  expect(await requestsSaying('zebra')).toEqual([played.one.requestId, played.two.requestId])
})

test('what two conversations begin with is found in both', async () => {
  const one = aCall({ atMs: at(0), sessionId, messages: first, answer: 'Painted.' })
  const other = aCall({ atMs: at(1), sessionId: sessionId.replace('1111', '9999'), messages: first, answer: 'No.' })
  const links = await stage.linksOf({ one, other })
  expect(links.other.conversation).toBe('other')
  expect(await requestsSaying('zebra')).toEqual([one.requestId, other.requestId])
})

test('what is said again after the words of a conversation were deleted is found again', async () => {
  const { one, two, three } = calls()
  for (const call of [one, two]) playCall(stage.recorder, call)
  await stage.recorder.flush()
  await stage.database.pool.query(`UPDATE request_links SET words = '{}'`)
  playCall(stage.recorder, three)
  await stage.recorder.flush()
  expect(await requestsSaying('zebra')).toEqual([three.requestId])
})
