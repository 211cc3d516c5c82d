import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testDomainId } from '@/lib/recorder/recorder-fixtures'
import { playCapturedCall, readCapturedCalls, type CapturedCall, type CapturedMessage } from './captured-calls'
import { startMs } from './conversation-fixtures'
import { LinkStage, type LinkRow } from './link-stage'
import { relinkDomain } from './relink'

const stage = new LinkStage()
const captured = readCapturedCalls(startMs)

/** Records the calls in this order, so many at a time, and answers their links by the numbers of the files. */
async function linksOf(calls: readonly CapturedCall[], atATime = 1): Promise<Record<string, LinkRow>> {
  for (const [index, call] of calls.entries()) {
    playCapturedCall(stage.recorder, call)
    if ((index + 1) % atATime === 0) await stage.recorder.flush()
  }
  await stage.recorder.flush()
  return stage.readLinks(Object.fromEntries(calls.map((call) => [call.name, call])))
}

const onMain = (parent: string | null) => ({
  ...{ conversation: '01', branch: 'main', parent, isSubtask: false, task: null, attemptOf: null },
})
const inOther = (parent: string | null) => ({ ...onMain(parent), conversation: '15' })
const expected: Record<string, LinkRow> = {
  '01': onMain(null),
  '02': onMain('01'),
  '03': onMain('02'),
  // The call of 03 started an agent, whose own turn follows it; the main agent then goes on from 03.
  '04': { ...onMain('03'), branch: 'subtask_1', isSubtask: true, task: '03' },
  '05': { ...onMain('04'), branch: 'subtask_1', isSubtask: true, task: '03' },
  '06': onMain('03'),
  '07': onMain('06'),
  // In the background: the main agent goes on at once, and hears of the end in a notification.
  '08': onMain('07'),
  '09': { ...onMain('07'), branch: 'subtask_2', isSubtask: true, task: '07' },
  '10': onMain('08'),
  // The same history under a new session id.
  '11': onMain('10'),
  '12': onMain('11'),
  '13': { ...onMain('12'), branch: 'compact_100600' },
  // Another session's title, before its first turn.
  '14': { ...onMain(null), conversation: '14' },
  // A session in another folder. The upstream was overloaded, and the client tried the same turn again.
  '15': inOther(null),
  '16': inOther('15'),
  '17': { ...inOther('15'), attemptOf: '16' },
  // Taken back to the first answer and said otherwise.
  '18': { ...inOther('15'), branch: 'branch_20261122100830' },
  '19': { ...inOther('18'), branch: 'branch_20261122100830' },
  // An agent that starts an agent, and goes on with what that one found.
  '20': { ...inOther('19'), branch: 'subtask_1', isSubtask: true, task: '19' },
  '21': { ...inOther('20'), branch: 'subtask_2', isSubtask: true, task: '20' },
  '22': { ...inOther('20'), branch: 'subtask_1', isSubtask: true, task: '19' },
  '23': { ...inOther('19'), branch: 'branch_20261122100830' },
}

test('every call of the real client finds its place', async () => {
  expect(await linksOf(captured)).toEqual(expected)
})

test('linking the whole history again changes nothing', async () => {
  const live = await linksOf(captured)
  const again = await relinkDomain({ domainId: testDomainId, isDryRun: false })
  expect(again).toEqual({ requests: captured.length, changes: [] })
  expect(await stage.readLinks(Object.fromEntries(captured.map((call) => [call.name, call])))).toEqual(live)
})

test('neither the order of arrival nor the spelling of the history changes a link', async () => {
  await fc.assert(
    fc
      .asyncProperty(
        fc.shuffledSubarray([...captured], { minLength: captured.length }),
        fc.integer({ min: 1, max: captured.length }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (order, atATime, dice) => {
          const roll = () => dice.next().value ?? 0
          expect(
            await linksOf(
              order.map((call) => respelled(call, roll)),
              atATime,
            ),
          ).toEqual(expected)
        },
      )
      .afterEach(() => stage.clear()),
    { numRuns: 6, seed: 20_261_122 },
  )
}, 120_000)

/** The same call with a history written otherwise: cache marks moved, reminders added, strings for single texts. */
function respelled(call: CapturedCall, roll: () => number): CapturedCall {
  const messages = call.body.messages.map((message, index) =>
    // The first message of a sub-task is also its prompt, and the last one is what is new: they stay.
    index === 0 || index === call.body.messages.length - 1 ? message : respelledMessage(message, roll),
  )
  return { ...call, body: { ...call.body, messages } }
}

function respelledMessage({ role, content }: CapturedMessage, roll: () => number): CapturedMessage {
  const blocks =
    typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Record<string, unknown>[])
  const marked = blocks.map(({ cache_control: _mark, ...block }) =>
    roll() < 0.5 ? { ...block, cache_control: { type: 'ephemeral' } } : block,
  )
  const [only] = marked
  if (marked.length === 1 && only?.type === 'text' && roll() < 0.3) return { role, content: only.text }
  const isUser = role === 'user'
  const reminder = { type: 'text', text: '<system-reminder>\nIt is later now.\n</system-reminder>' }
  return { role, content: isUser && roll() < 0.5 ? [...marked, reminder] : marked }
}
