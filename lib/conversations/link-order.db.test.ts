import { expect, test } from 'vitest'
import { aCall, assistant, callTool, startMs, text, user } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'

const stage = new LinkStage()
const minute = 60_000
const session = '0b7c3a52-1111-4222-8333-444455556666'
const otherSession = '0b7c3a52-9999-4222-8333-444455556666'
const first = [user('Fix the bug')]
const second = [...first, assistant('Done.'), user('Thanks, and the tests?')]

/** Minutes after the start. */
const at = (minutes: number) => startMs + minutes * minute
const explore = callTool('toolu_a', 'Agent', { prompt: 'Find all tests', description: 'Find' })

function aSession() {
  const edited = [...first, assistant('Done.'), user('Undo that')]
  return {
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: [text('Done.')] }),
    two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: [explore] }),
    task: aCall({
      atMs: at(2),
      sessionId: session,
      agentId: 'a1',
      messages: [user('Find all tests')],
      answer: 'Three.',
    }),
    task2: aCall({ atMs: at(2.5), sessionId: session, agentId: 'a2', messages: [user('Unknown')], answer: 'Three.' }),
    edited: aCall({ atMs: at(3), sessionId: session, messages: edited, answer: 'Undone.' }),
    fork: aCall({
      atMs: at(4),
      sessionId: otherSession,
      messages: [...edited, assistant('Undone.'), user('Hm')],
      answer: 'Hm.',
    }),
    again: aCall({
      atMs: at(5),
      sessionId: otherSession,
      messages: [...edited, assistant('Undone.'), user('Hm')],
      answer: 'Hm.',
    }),
  }
}

test('requests of one batch are linked as they are one by one', async () => {
  const calls = aSession()
  const expected = await stage.linksOf(calls)
  const counted = await stage.conversationRows()
  await stage.clear()
  expect(await stage.linksOfBatch(calls)).toEqual(expected)
  expect(await stage.conversationRows()).toEqual(counted)
})

test('the result does not depend on the order in which requests are recorded', async () => {
  const calls = aSession()
  const names = Object.keys(calls) as (keyof typeof calls)[]
  const expected = await stage.linksOf(calls)
  const counted = await stage.conversationRows()
  for (let seed = 1; seed <= 12; seed += 1) {
    await stage.clear()
    const order = names.toSorted((a, b) => weight(seed, a) - weight(seed, b))
    expect(await stage.linksOf(calls, order), `order ${order.join(', ')}`).toEqual(expected)
    expect(await stage.conversationRows(), `order ${order.join(', ')}`).toEqual(counted)
  }
})

test('nor on the batches in which they come', async () => {
  const calls = { ...aSession(), ...strangers() }
  const names = Object.keys(calls) as (keyof typeof calls)[]
  const expected = await stage.linksOf(calls)
  const counted = await stage.conversationRows()
  for (let seed = 1; seed <= 12; seed += 1) {
    await stage.clear()
    const order = names.toSorted((a, b) => weight(seed, a) - weight(seed, b))
    const batches = Array.from({ length: Math.ceil(order.length / 4) }, (_, index) =>
      order.slice(index * 4, index * 4 + 4),
    )
    for (const batch of batches) await stage.record(batch.map((name) => calls[name]))
    const said = batches.map((batch) => batch.join(', ')).join(' | ')
    expect(await stage.readLinks(calls), said).toEqual(expected)
    expect(await stage.conversationRows(), said).toEqual(counted)
  }
})

/** Conversations without a session, among the others in time: what is late there concerns nobody, or just a few. */
function strangers() {
  const talk = (name: string, from: number) => {
    const begun = [user(`A question of ${name}`)]
    const went = [...begun, assistant('Yes.'), user('And?')]
    return [
      aCall({ atMs: at(from), messages: begun, answer: 'Yes.' }),
      aCall({ atMs: at(from + 1.3), messages: went, answer: 'No.' }),
      aCall({ atMs: at(from + 2.6), messages: [...went, assistant('No.'), user('So?')], answer: 'Yes.' }),
    ] as const
  }
  const [anna1, anna2, anna3] = talk('Anna', 0.2)
  const [otto1, otto2, otto3] = talk('Otto', 0.7)
  return { anna1, anna2, anna3, otto1, otto2, otto3 }
}

/** A fixed shuffle for each seed. */
function weight(seed: number, name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0) * seed * 7_919) >>> 0, seed)
}

test('what another session sends alike does not hide an older beginning of one’s own', async () => {
  const begun = [user('Fix the bug'), assistant('Where?'), user('In the list')]
  const resumed = [...begun, assistant('Seen.'), user('And?'), assistant('Fixed.'), user('Thanks')]
  const links = await stage.linksOf({
    own: aCall({ atMs: at(0), sessionId: session, messages: begun, answer: 'Hm.' }),
    other: aCall({ atMs: at(1), sessionId: otherSession, messages: resumed, answer: 'Bye.' }),
    again: aCall({ atMs: at(2), sessionId: session, messages: resumed, answer: 'Bye.' }),
  })
  expect(links.other.parent).toBe('own')
  expect(links.again).toMatchObject({ conversation: 'own', parent: 'own' })
})
