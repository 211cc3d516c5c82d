import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkReasons } from '@/lib/recorder/usual-text'
import {
  playCapturedCall,
  readCapturedCalls,
  type CapturedCall,
  type CapturedMessage,
} from '@/lib/testing/captured-calls'
import { capturedPlaces } from '@/lib/testing/captured-places'
import { startMs } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'

const stage = new LinkStage()
const captured = readCapturedCalls(startMs)
/** Some five seconds each time all are recorded one by one. */
const patienceMs = 300_000

/** Records the calls in this order, so many at a time, and answers their places by story and number. */
async function placesOf(calls: readonly CapturedCall[], atATime = 1): Promise<Record<string, string>> {
  for (const [index, call] of calls.entries()) {
    playCapturedCall(stage.recorder, call)
    if ((index + 1) % atATime === 0) await stage.recorder.flush()
  }
  await stage.recorder.flush()
  return readPlaces()
}

/** By the names of the calls; equal things are left out. */
async function readPlaces(): Promise<Record<string, string>> {
  const { rows } = await stage.database.pool.query(
    'SELECT r.*, l.role FROM api_requests r LEFT JOIN request_links l USING (request_id) ORDER BY request_id',
  )
  return Object.fromEntries(rows.map((row) => [nameOf(row.request_id), placeOf(row)]))
}

function nameOf(requestId: string): string {
  return captured.find((call) => call.requestId === requestId)?.name ?? requestId
}

function placeOf(row: Record<string, string>): string {
  const [story = ''] = nameOf(row.request_id ?? '').split('/')
  const near = (requestId: string | null | undefined) => requestId && nameOf(requestId).replace(`${story}/`, '')
  const { kind, role, branch_id: branch } = row
  return [
    role === null || kind === role ? kind : `${kind} (${role})`,
    near(row.conversation_id) && `in ${near(row.conversation_id)} on ${branchName(branch ?? '', story)}`,
    row.parent_request_id && `after ${near(row.parent_request_id)}`,
    row.is_subtask && `for ${near(row.parent_task_request_id)}`,
    row.attempt_of && `again ${near(row.attempt_of)}`,
    linkReasons.spell(row.link_reason ?? null),
  ]
    .filter(Boolean)
    .join(', ')
}

/** Branches are named after the time of their first request: here after its number. */
function branchName(branch: string, story: string): string {
  const digits = /^(branch|compact)_(\d+)$/.exec(branch)
  const first = captured.find(
    ({ name, atMs }) =>
      name.startsWith(`${story}/`) &&
      new Date(atMs)
        .toISOString()
        .replaceAll(/\D/g, '')
        .slice(0, 14)
        .endsWith(digits?.[2] ?? '-'),
  )
  return digits && first ? `${digits[1]} ${first.name.replace(`${story}/`, '')}` : branch
}

test(
  'every call of the real client finds its place',
  async () => {
    expect(await placesOf(captured)).toEqual(capturedPlaces)
  },
  patienceMs,
)

test(
  'linking the whole history again changes nothing',
  async () => {
    await placesOf(captured)
    expect(await stage.relink()).toEqual([])
    expect(await readPlaces()).toEqual(capturedPlaces)
  },
  patienceMs,
)

test(
  'neither the order of arrival nor the spelling of the history changes a link',
  async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.shuffledSubarray([...captured], { minLength: captured.length }),
          fc.integer({ min: 1, max: captured.length }),
          // Not fc.double: nearly all of its numbers between 0 and 1 are next to nothing.
          fc.infiniteStream(fc.nat({ max: 99 })),
          async (order, atATime, dice) => {
            const roll = () => (dice.next().value ?? 0) / 100
            const calls = order.map((call) => respelled(call, roll))
            expect(await placesOf(calls, atATime)).toEqual(capturedPlaces)
          },
        )
        .afterEach(() => stage.clear()),
      { numRuns: 4, seed: 20_261_122 },
    )
  },
  patienceMs,
)

/** The same call with a history written otherwise: cache marks moved, reminders added, strings for single texts. */
function respelled(call: CapturedCall, roll: () => number): CapturedCall {
  const messages = call.body.messages.map((message) => respelledMessage(message, roll))
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
  if (role !== 'user' || roll() < 0.5) return { role, content: marked }
  return { role, content: [...marked.map((block) => remindedResult(block, roll)), reminder] }
}

const reminder = { type: 'text', text: '<system-reminder>\nIt is later now.\n</system-reminder>' }

/** Results of tools have reminders too: in their text, or behind it. */
function remindedResult(block: Record<string, unknown>, roll: () => number): Record<string, unknown> {
  if (block.type !== 'tool_result' || roll() < 0.5) return block
  const { content } = block
  if (typeof content === 'string' && roll() < 0.5) return { ...block, content: `${content}\n\n${reminder.text}` }
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : (content as unknown[])
  return { ...block, content: [...blocks, reminder] }
}
