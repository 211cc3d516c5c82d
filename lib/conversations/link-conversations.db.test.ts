import { expect, test } from 'vitest'
import {
  aCall,
  assistant,
  callTool,
  startMs,
  text,
  toolResult,
  user,
  type Message,
} from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'

const stage = new LinkStage()
const minute = 60_000
const session = '0b7c3a52-1111-4222-8333-444455556666'
const otherSession = '0b7c3a52-9999-4222-8333-444455556666'
const first = [user('Fix the bug')]
const second = [...first, assistant('Done.'), user('Thanks, and the tests?')]
const third = [...second, assistant('Added.'), user('Ship it')]

/** Minutes after the start. */
const at = (minutes: number) => startMs + minutes * minute

test('turns of one conversation follow each other on main', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: 'Added.' }),
    three: aCall({ atMs: at(2), sessionId: session, messages: third, answer: 'Shipped.' }),
  })
  expect(links.three).toMatchObject({ conversation: 'one', branch: 'main', parent: 'two' })
  expect(links.two).toMatchObject({ conversation: 'one', branch: 'main', parent: 'one' })
})

test('a client that sends no session is linked by content alone', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), messages: first, answer: 'Done.' }),
    two: aCall({ atMs: at(1), messages: second, answer: 'Added.' }),
  })
  expect(links.two).toMatchObject({ conversation: 'one', parent: 'one' })
})

test('an edited earlier turn is a branch, and what follows stays on it', async () => {
  const edited = [...first, assistant('Done.'), user('Undo that')]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: 'Added.' }),
    edited: aCall({ atMs: at(2), sessionId: session, messages: edited, answer: 'Undone.' }),
    after: aCall({
      atMs: at(3),
      sessionId: session,
      messages: [...edited, assistant('Undone.'), user('Good')],
      answer: 'Yes.',
    }),
    three: aCall({ atMs: at(4), sessionId: session, messages: third, answer: 'Shipped.' }),
  })
  expect(links.edited).toMatchObject({ conversation: 'one', branch: 'branch_20261122100200', parent: 'one' })
  expect(links.after).toMatchObject({ branch: 'branch_20261122100200', parent: 'edited' })
  expect(links.three).toMatchObject({ branch: 'main', parent: 'two' })
})

test('what is said instead of a turn that was never answered goes on where that stood', async () => {
  const instead = [...first, assistant('Done.'), user('Add a test for it')]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    unanswered: aCall({ atMs: at(1), sessionId: session, messages: second, answer: null }),
    instead: aCall({ atMs: at(2), sessionId: session, messages: instead, answer: 'Added.' }),
  })
  expect(links.unanswered).toMatchObject({ branch: 'main', parent: 'one' })
  expect(links.instead).toMatchObject({ branch: 'main', parent: 'one', attemptOf: null })
})

test('what is said instead of a first turn that was never answered belongs to the same conversation', async () => {
  const instead = [user('Write it, please')]
  const links = await stage.linksOf({
    unanswered: aCall({ atMs: at(0), sessionId: session, messages: first, answer: null }),
    instead: aCall({ atMs: at(1), sessionId: session, messages: instead, answer: 'Done.' }),
    next: aCall({
      atMs: at(2),
      sessionId: session,
      messages: [...instead, assistant('Done.'), user('Thanks')],
      answer: 'Yes.',
    }),
  })
  expect(links.instead).toMatchObject({ conversation: 'unanswered', branch: 'main', parent: null, attemptOf: null })
  expect(links.next).toMatchObject({ conversation: 'unanswered', branch: 'main', parent: 'instead' })
  const { rows } = await stage.database.pool.query('SELECT branch_count FROM conversations')
  expect(rows).toEqual([{ branch_count: 1 }])
})

test('a retry after an overload is an attempt of the same turn, never a branch', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: null }),
    again: aCall({ atMs: at(1), sessionId: session, messages: first, answer: null }),
    third: aCall({ atMs: at(2), sessionId: session, messages: first, answer: 'Done.' }),
    next: aCall({ atMs: at(3), sessionId: session, messages: second, answer: 'Added.' }),
  })
  expect(links.again).toMatchObject({ conversation: 'one', attemptOf: 'one', branch: 'main' })
  expect(links.third).toMatchObject({ conversation: 'one', attemptOf: 'one' })
  expect(links.next).toMatchObject({ conversation: 'one', parent: 'third', branch: 'main', attemptOf: null })
})

test('two sessions that begin with the same words are two conversations', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    other: aCall({ atMs: at(1), sessionId: otherSession, messages: first, answer: 'Not yet.' }),
    two: aCall({ atMs: at(2), sessionId: session, messages: second, answer: 'Added.' }),
  })
  expect(links.other).toMatchObject({ conversation: 'other', attemptOf: null })
  expect(links.two).toMatchObject({ conversation: 'one', parent: 'one' })
})

test('an app that asks the same question twice with success has two conversations', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), messages: first, answer: 'Yes.' }),
    two: aCall({ atMs: at(1), messages: first, answer: 'Yes.' }),
  })
  expect(links.two).toMatchObject({ conversation: 'two', attemptOf: null })
})

test('a fork under a new session id belongs to the conversation it forked from', async () => {
  const fork = [...first, assistant('Done.'), user('Another way')]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: 'Added.' }),
    fork: aCall({ atMs: at(2), sessionId: otherSession, messages: fork, answer: 'Fine.' }),
  })
  expect(links.fork).toMatchObject({ conversation: 'one', parent: 'one', branch: 'branch_20261122100200' })
})

test('another domain never shares a conversation, whatever the words', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    two: aCall({
      atMs: at(1),
      sessionId: session,
      messages: second,
      answer: 'Added.',
      domainId: '0192a1b2-0000-7000-8000-00000000000b',
    }),
  })
  expect(links.two).toMatchObject({ conversation: 'two', parent: null })
})

test('a history whose old tool results were cleared goes on where its last answer was', async () => {
  const call = callTool('toolu_1', 'Bash', { command: 'ls' })
  const one = [user('List the files')]
  const two = [...one, assistant([call]), user([toolResult('toolu_1', 'a.txt')])]
  const cleared = [...one, assistant([call]), user([toolResult('toolu_1', '[Old tool result content cleared]')])]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: one, answer: [call] }),
    two: aCall({ atMs: at(1), sessionId: session, messages: two, answer: 'One file, called a.txt.' }),
    three: aCall({
      atMs: at(2),
      sessionId: session,
      messages: [...cleared, assistant('One file, called a.txt.'), user('Delete it')],
      answer: 'Gone.',
    }),
  })
  expect(links.three).toMatchObject({ conversation: 'one', parent: 'two', branch: 'main' })
})

const summary = `1. The user wanted the bug fixed. ${'Details of what was done, file by file. '.repeat(8)}2. Tests were added.`
const askForSummary = user(
  'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\nYour task is to create a detailed summary of the conversation so far.',
)
const newWording = `This session is being continued from a previous conversation that ran out of context. The summary below covers the earlier portion of the conversation.\n\nSummary:\n${summary}\n\nIf you need specific details from before compaction, read the full transcript at: /home/u/x.jsonl\nContinue the conversation from where it left off without asking the user any further questions.`
const oldWording = `This session is being continued from a previous conversation that ran out of context. The conversation is summarized below:\n${summary}\nPlease continue the conversation from where we left it off.`
const tail: Message[] = [{ role: 'system', content: 'cwd: /x' }, assistant('Added.'), user('Ship it')]

test.each([
  ['the new wording in one message', [user([text(newWording), text('Go on')])]],
  ['the old wording', [user(oldWording)]],
  ['the tail of the old transcript kept behind it', [user(newWording), ...tail]],
])('a compaction opens a branch of its conversation: %s', async (_name, compacted) => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: 'Done.' }),
    two: aCall({ atMs: at(1), sessionId: session, messages: second, answer: 'Added.' }),
    compaction: aCall({
      atMs: at(2),
      sessionId: session,
      messages: [...second, assistant('Added.'), askForSummary],
      answer: `<analysis>Let me think.</analysis>\n<summary>\n${summary}\n</summary>`,
    }),
    after: aCall({ atMs: at(3), sessionId: session, messages: compacted, answer: 'Shipped.' }),
    later: aCall({
      atMs: at(4),
      sessionId: session,
      messages: [...compacted, assistant('Shipped.'), user('Thanks')],
      answer: 'Bye.',
    }),
  })
  expect(links.compaction).toMatchObject({ branch: 'main', parent: 'two' })
  expect(links.after).toMatchObject({ conversation: 'one', branch: 'compact_100300', parent: 'compaction' })
  expect(links.later).toMatchObject({ conversation: 'one', branch: 'compact_100300', parent: 'after' })
})

test('a compaction without any session is found by its summary', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), messages: first, answer: 'Done.' }),
    compaction: aCall({
      atMs: at(2),
      messages: [...first, assistant('Done.'), askForSummary],
      answer: `<summary>${summary}</summary>`,
    }),
    after: aCall({ atMs: at(3), messages: [user(newWording)], answer: 'Shipped.' }),
  })
  expect(links.after).toMatchObject({ conversation: 'one', branch: 'compact_100300' })
})

const explore = callTool('toolu_a', 'Agent', { prompt: 'Find all tests', description: 'Find' })
const review = callTool('toolu_b', 'Task', { prompt: 'Review the fix', description: 'Review' })

test('sub-tasks hang on the call that started them, and the parent goes on unchanged', async () => {
  const agents = { a: 'a0123456789abcdef', b: 'afedcba9876543210' }
  const prompt = (words: string) => [user([text('<system-reminder>x</system-reminder>'), text(words)])]
  const parent = [
    ...first,
    assistant([explore, review]),
    user([toolResult('toolu_a', 'ok'), toolResult('toolu_b', 'ok')]),
  ]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: [explore, review] }),
    taskB: aCall({
      atMs: at(1),
      sessionId: session,
      agentId: agents.b,
      messages: prompt('Review the fix'),
      answer: [callTool('t1', 'Bash', {})],
    }),
    taskA: aCall({
      atMs: at(2),
      sessionId: session,
      agentId: agents.a,
      messages: prompt('Find all tests'),
      answer: 'Found 3.',
    }),
    taskB2: aCall({
      atMs: at(3),
      sessionId: session,
      agentId: agents.b,
      messages: [...prompt('Review the fix'), assistant([callTool('t1', 'Bash', {})]), user([toolResult('t1', 'x')])],
      answer: 'Fine.',
    }),
    two: aCall({ atMs: at(4), sessionId: session, messages: parent, answer: 'All good.' }),
  })
  expect(links.taskB).toMatchObject({ conversation: 'one', branch: 'subtask_1', isSubtask: true, task: 'one' })
  expect(links.taskA).toMatchObject({ conversation: 'one', branch: 'subtask_2', isSubtask: true, task: 'one' })
  expect(links.taskB2).toMatchObject({ branch: 'subtask_1', parent: 'taskB', isSubtask: true, task: 'one' })
  expect(links.two).toMatchObject({ branch: 'main', parent: 'one', isSubtask: false, task: null })
})

test('forks of an agent hang on their own calls, though all begin with its history', async () => {
  const [left, right] = [
    callTool('t1', 'Agent', { prompt: 'Go left' }),
    callTool('t2', 'Agent', { prompt: 'Go right' }),
  ]
  const fork = (call: typeof left, directive: string) => [
    ...first,
    assistant([call]),
    user([
      toolResult(String(call.id), 'You are it.'),
      text(`<fork-boilerplate>Mind it.</fork-boilerplate>\n\n${directive}`),
    ]),
  ]
  const links = await stage.linksOf({
    main: aCall({ atMs: at(0), sessionId: session, messages: first, answer: [left, right] }),
    next: aCall({
      atMs: at(1),
      sessionId: session,
      messages: [...first, assistant([left, right]), user([toolResult('t1', 'sent'), toolResult('t2', 'sent')])],
      answer: 'Waiting.',
    }),
    left: aCall({
      atMs: at(2),
      sessionId: session,
      agentId: 'a_left',
      messages: fork(left, 'Your directive: Go left'),
      answer: 'Left.',
    }),
    right: aCall({
      atMs: at(3),
      sessionId: session,
      agentId: 'a_right',
      messages: fork(right, 'Your directive: Go right'),
      answer: 'Right.',
    }),
  })
  expect(links.left).toMatchObject({ branch: 'subtask_1', isSubtask: true, task: 'main' })
  expect(links.right).toMatchObject({ branch: 'subtask_2', isSubtask: true, task: 'main' })
})

test('sub-tasks of a client without agent ids are told by the prompt, each call once', async () => {
  const twice = [explore, callTool('toolu_c', 'Agent', { prompt: 'Find all tests' })]
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), messages: first, answer: twice }),
    taskA: aCall({ atMs: at(1), messages: [user('Find all tests')], answer: 'Three.' }),
    taskB: aCall({ atMs: at(2), messages: [user('Find all tests')], answer: 'Three.' }),
    unrelated: aCall({ atMs: at(3), messages: [user('Find all tests')], answer: 'Which?' }),
  })
  expect(links.taskA).toMatchObject({ branch: 'subtask_1', task: 'one' })
  expect(links.taskB).toMatchObject({ branch: 'subtask_2', task: 'one' })
  expect(links.unrelated).toMatchObject({ conversation: 'unrelated', branch: 'main', isSubtask: false })
})

test('a sub-task of a sub-task hangs on the sub-task', async () => {
  const links = await stage.linksOf({
    one: aCall({ atMs: at(0), sessionId: session, messages: first, answer: [explore] }),
    task: aCall({
      atMs: at(1),
      sessionId: session,
      agentId: 'a1',
      messages: [user('Find all tests')],
      answer: [review],
    }),
    nested: aCall({
      atMs: at(2),
      sessionId: session,
      agentId: 'a2',
      parentAgentId: 'a1',
      messages: [user('Review the fix')],
      answer: 'Fine.',
    }),
  })
  expect(links.nested).toMatchObject({ conversation: 'one', branch: 'subtask_2', task: 'task', isSubtask: true })
})

test('a message thread goes on from the answer it names', async () => {
  const links = await stage.linksOf({
    one: aCall({
      atMs: at(0),
      messages: first,
      answer: 'Done.',
      messageId: 'msg_a',
      body: { thread: { type: 'create' } },
    }),
    two: aCall({
      atMs: at(1),
      messages: [user('And now?')],
      answer: 'Now this.',
      messageId: 'msg_b',
      body: { thread: { type: 'continue', previous_message_id: 'msg_a' } },
    }),
    three: aCall({
      atMs: at(2),
      messages: [user('More')],
      answer: 'More.',
      body: { thread: { type: 'continue', previous_message_id: 'msg_b' } },
    }),
  })
  expect(links.two).toMatchObject({ conversation: 'one', parent: 'one', branch: 'main' })
  expect(links.three).toMatchObject({ conversation: 'one', parent: 'two', branch: 'main' })
})

test('side calls join the conversation of their session and are no node of it', async () => {
  const title = {
    tools: [],
    output_config: { format: { type: 'json_schema', schema: { properties: { title: { type: 'string' } } } } },
  }
  const links = await stage.linksOf({
    title: aCall({
      atMs: at(0),
      sessionId: session,
      messages: [user('<session>\nFix\n</session>')],
      answer: '{"title":"Bug fix"}',
      body: title,
    }),
    one: aCall({ atMs: at(1), sessionId: session, messages: first, answer: 'Done.' }),
    count: aCall({
      atMs: at(2),
      sessionId: session,
      messages: [user('quota')],
      answer: 'x',
      body: { max_tokens: 1, tools: [] },
    }),
    two: aCall({ atMs: at(3), sessionId: session, messages: second, answer: 'Added.' }),
  })
  expect(links.one).toMatchObject({ conversation: 'title', branch: 'main', parent: null })
  expect(links.count).toMatchObject({ conversation: 'title', parent: null })
  expect(links.two).toMatchObject({ conversation: 'title', parent: 'one', branch: 'main' })
  const { rows } = await stage.database.pool.query('SELECT * FROM conversations')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ request_count: 2, side_call_count: 2, branch_count: 1, title_rank: 2 })
  expect(rows[0].title).not.toContain('Bug fix')
})
