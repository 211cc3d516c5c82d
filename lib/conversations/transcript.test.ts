import { expect, test } from 'vitest'
import { readTranscript, rollDigests } from './transcript'

const secret = Buffer.alloc(32, 1)
const hashOf = (messages: unknown) =>
  rollDigests(
    secret,
    readTranscript(messages, secret).map(({ digest }) => digest),
  )
    .at(-1)
    ?.toString('hex') ?? null

const plain = [
  { role: 'user', content: 'List the files' },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'Sure.' },
      { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls', description: 'List' } },
    ],
  },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt' }] },
]

/** A small generator of its own: the same seed finds the same counterexample. */
function dice(seed: number) {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/** The same conversation as another client, or a later turn of the same one, would spell it. */
function respell(messages: typeof plain, roll: () => number): unknown[] {
  const shuffle = (record: object) => Object.fromEntries(Object.entries(record).sort(() => roll() - 0.5))
  return messages.flatMap(({ role, content }) => {
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    const spelled: object[] = blocks.map((block) =>
      shuffle(roll() < 0.5 ? { ...block, cache_control: { type: 'ephemeral' } } : block),
    )
    if (role === 'user' && roll() < 0.5)
      spelled.unshift({ type: 'text', text: '<system-reminder>\nToday is Sunday.\n</system-reminder>' })
    if (role === 'assistant' && roll() < 0.5) spelled.unshift({ type: 'thinking', thinking: 'Hm.', signature: 'abc' })
    if (roll() < 0.3) spelled.push(...spelled.filter((block) => 'tool_use_id' in block || 'id' in block))
    const isString = typeof content === 'string' && spelled.length === 1 && roll() < 0.5
    const system = roll() < 0.4 ? [{ role: 'system', content: 'Working directory: /tmp' }] : []
    return [shuffle({ role, content: isString ? content : spelled }), ...system]
  })
}

test('reminders, cache marks, strings, thinking, key order and repeated tool blocks do not change a transcript', () => {
  for (let seed = 1; seed <= 300; seed += 1)
    expect(hashOf(respell(plain, dice(seed))), `seed ${seed}`).toBe(hashOf(plain))
})

const resultOf = (content: unknown) =>
  hashOf([...plain.slice(0, 2), { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content }] }])
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }
const marked = (block: object) => ({ ...block, cache_control: { type: 'ephemeral' } })
const reminder = { type: 'text', text: '<system-reminder>\nIt is later now.\n</system-reminder>' }

test.each([
  ['words', 'a.txt', [{ type: 'text', text: 'a.txt' }]],
  ['a reminder in the words', 'a.txt', `a.txt\n\n${reminder.text}`],
  ['a reminder behind the words', 'a.txt', [{ type: 'text', text: 'a.txt' }, reminder]],
  ['a reminder before a picture', [picture], [reminder, marked(picture)]],
  ['nothing but a reminder', '', [reminder]],
])('the result of a tool is the same, however it is written: %s', (_name, one, other) => {
  expect(resultOf(other)).toBe(resultOf(one))
})

test('a picture is told by its bytes alone', () => {
  const asked = (...content: object[]) => hashOf([{ role: 'user', content }])
  const words = { type: 'text', text: 'What is this?' }
  const other = { ...picture, source: { ...picture.source, data: 'iVBORw0KGgp=' } }
  expect(asked(reminder, marked(picture), words)).toBe(asked(picture, marked(words)))
  expect(asked(other, words)).not.toBe(asked(picture, words))
})

test('another word, another role or another order changes it', () => {
  const [first, second, third] = plain
  const others = [
    [{ role: 'user', content: 'List the file' }, second, third],
    [{ role: 'assistant', content: 'List the files' }, second, third],
    [second, first, third],
    [first, second],
    [first, second, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_2', content: 'a.txt' }] }],
    [
      first,
      second,
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt', is_error: true }] },
    ],
  ]
  const hashes = [hashOf(plain), ...others.map(hashOf)]
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('the same words in another domain have another hash', () => {
  const other = Buffer.alloc(32, 2)
  expect(
    readTranscript(plain, other)[0]?.digest.equals(readTranscript(plain, secret)[0]?.digest ?? Buffer.alloc(0)),
  ).toBe(false)
})

test('messages of any shape are read without a throw', () => {
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  for (const messages of [null, 7, 'x', [null], [{ role: 'user' }], [{ role: 'user', content: [{ type: 'x', deep }] }]])
    expect(readTranscript(messages, secret)).toBeInstanceOf(Array)
})
