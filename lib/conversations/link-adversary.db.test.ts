import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  aCall,
  assistant,
  callTool,
  startMs,
  text,
  toolResult,
  user,
  type Call,
  type Message,
} from '@/lib/testing/conversation-fixtures'
import { LinkStage, type LinkRow } from '@/lib/testing/link-stage'

/** Shapes that are hard to tell apart, all in one history; whatever order they come in, each finds its place. */
const stage = new LinkStage()
const patienceMs = 300_000
const otherDomainId = '0192a1b2-0000-7000-8000-00000000000b'
const sessionOf = (name: string) => `${name.padEnd(8, '0')}-1111-4222-8333-444455556666`

interface Told {
  readonly call: Call
  /** Conversation and branch, and what it goes on from, by the names of the calls. */
  readonly place: string
}

let minute = 0
/** Stories follow each other by the hour, so that none is another's sub-task by chance. */
const at = (offset: number) => startMs + minute * 60_000 + offset * 1_000

function story(told: () => Record<string, Told>): Record<string, Told> {
  minute += 90
  return told()
}

const tell = (place: string, options: Omit<Parameters<typeof aCall>[0], 'atMs'> & { at: number }): Told => ({
  call: aCall({ ...options, atMs: at(options.at) }),
  place,
})

/** Branches are named by their second. */
function stamp(offset: number): string {
  return new Date(at(offset)).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

function sameInstant() {
  const sessionId = sessionOf('a1')
  const asked = [user('Try four ways')]
  const way = (name: string) => [...asked, assistant('Which?'), user(name)]
  const branch = `branch_${stamp(1)}`
  const calls = ['north', 'east', 'south', 'west'].map((name) =>
    tell('', { at: 1, sessionId, messages: way(name), answer: 'Gone.' }),
  )
  // Ids of one instant are in an order of their own: the first of them goes on, the others branch off.
  const byId = calls.toSorted((a, b) => (a.call.requestId < b.call.requestId ? -1 : 1))
  const places = ['main', branch, `${branch}_2`, `${branch}_3`].map((name) => `w0 ${name} after w0`)
  return {
    w0: tell('w0 main', { at: 0, sessionId, messages: asked, answer: 'Which?' }),
    ...Object.fromEntries(byId.map(({ call }, index) => [`w${index + 1}`, { call, place: places[index] ?? '' }])),
  }
}

function openAttempt() {
  const sessionId = sessionOf('b1')
  const asked = [user('Say it slowly')]
  return {
    // Ends long after the attempt that the client made meanwhile.
    r1: tell('r1 main', { at: 0, sessionId, messages: asked, answer: 'S l o w l y.' }),
    r2: tell('r1 main again r1', { at: 30, sessionId, messages: asked, answer: 'Slowly.' }),
    r3: tell('r1 main after r2', {
      at: 60,
      sessionId,
      messages: [...asked, assistant('Slowly.'), user('Thanks')],
      answer: 'Bye.',
    }),
    r4: tell('r1 main again r3', {
      at: 61,
      sessionId,
      messages: [...asked, assistant('Slowly.'), user('Thanks')],
      answer: null,
    }),
  }
}

const agentCall = (id: string, prompt: string) => callTool(id, 'Agent', { prompt, description: 'Go' })

function nestedAgents() {
  const sessionId = sessionOf('c1')
  const asked = [user('Look everywhere')]
  const [up, down, deep] = [agentCall('t_up', 'Look'), agentCall('t_down', 'Look'), agentCall('t_deep', 'Look')]
  const launched = [
    ...asked,
    assistant([up, down]),
    user([toolResult('t_up', 'launched'), toolResult('t_down', 'launched')]),
  ]
  const inside = [user('Look'), assistant([deep]), user([toolResult('t_deep', 'nothing')])]
  return {
    n1: tell('n1 main', { at: 0, sessionId, messages: asked, answer: [up, down] }),
    // In the background: the main agent goes on before they answer, and all of them say the same.
    n2: tell('n1 main after n1', { at: 1, sessionId, messages: launched, answer: 'Waiting.' }),
    n3: tell('n1 subtask_1 after n1 for n1', {
      at: 2,
      sessionId,
      agentId: 'up',
      messages: [user('Look')],
      answer: [deep],
    }),
    n4: tell('n1 subtask_2 after n1 for n1', {
      at: 3,
      sessionId,
      agentId: 'down',
      messages: [user('Look')],
      answer: 'No.',
    }),
    n5: tell('n1 subtask_3 after n3 for n3', {
      at: 4,
      sessionId,
      agentId: 'deep',
      parentAgentId: 'up',
      messages: [user('Look')],
      answer: 'Nothing.',
    }),
    n6: tell('n1 subtask_1 after n3 for n1', { at: 5, sessionId, agentId: 'up', messages: inside, answer: 'No.' }),
  }
}

/** More agents than one looks at requests, all sent for the same, by a client that names none of them. */
function fanOut() {
  const sends = Array.from({ length: 12 }, (_none, index) => agentCall(`t_fan${index}`, 'Vote on it'))
  const votes = sends.map((_send, index) => [
    `f${index + 1}`,
    tell(`f0 subtask_${index + 1} after f0 for f0`, { at: index + 1, messages: [user('Vote on it')], answer: 'Yes.' }),
  ])
  return {
    f0: tell('f0 main', { at: 0, messages: [user('Let them vote')], answer: sends }),
    ...(Object.fromEntries(votes) as Record<string, Told>),
    f13: tell('f13 main', { at: 20, messages: [user('Vote on it')], answer: 'On what?' }),
  }
}

const summary = `We looked at the doors of the house. ${'Each was opened, and shut again. '.repeat(12)}`
const ask = user('Your task is to create a detailed summary of the conversation so far.')
const continued = user(
  `This session is being continued from a previous conversation that ran out of context. The conversation is summarized below:\n${summary}\nPlease continue the conversation from where we left it off.`,
)

function compactionAndBranch() {
  const sessionId = sessionOf('d1')
  const first = [user('Open the doors')]
  const second = [...first, assistant('Opened.'), user('Shut them')]
  const after = [continued, assistant('Shut.'), user('Paint them')]
  return {
    d1: tell('d1 main', { at: 0, sessionId, messages: first, answer: 'Opened.' }),
    d2: tell('d1 main after d1', { at: 1, sessionId, messages: second, answer: 'Shut.' }),
    d3: tell('d1 main after d2', {
      at: 2,
      sessionId,
      messages: [...second, assistant('Shut.'), ask],
      answer: `<summary>${summary}</summary>`,
    }),
    d4: tell(`d1 compact_${stamp(3).slice(8)} after d3`, { at: 3, sessionId, messages: [continued], answer: 'Shut.' }),
    d5: tell(`d1 compact_${stamp(3).slice(8)} after d4`, { at: 4, sessionId, messages: after, answer: 'Painted.' }),
    // Taken back behind the summary, and then to before it.
    d6: tell(`d1 branch_${stamp(5)} after d4`, {
      at: 5,
      sessionId,
      messages: [continued, assistant('Shut.'), user('Leave them')],
      answer: 'Left.',
    }),
    d7: tell(`d1 branch_${stamp(6)} after d1`, {
      at: 6,
      sessionId,
      messages: [...first, assistant('Opened.'), user('Wider')],
      answer: 'Wide.',
    }),
    // A fork of the compacted branch, under another session.
    d8: tell(`d1 compact_${stamp(3).slice(8)} after d5`, {
      at: 7,
      sessionId: sessionOf('d2'),
      messages: [...after, assistant('Painted.'), user('And the windows')],
      answer: 'Those too.',
    }),
  }
}

/** No header, no session: what it says is all there is. */
function plainSdk() {
  const headers = { headers: [['user-agent', 'Anthropic/JS 1.12.0']] as const }
  const asked = [user('Count the cats')]
  const [one, two] = [callTool('t_one', 'look', { at: 1 }), callTool('t_two', 'look', { at: 2 })]
  const results = [toolResult('t_one', 'cat'), toolResult('t_two', 'no cat')]
  const looked = [...asked, assistant([one, two]), user(results)]
  const turned = [...asked, assistant([one, two]), user(results.toReversed())]
  const cut = [...asked, assistant([one, two]), user([toolResult('t_one', '…'), toolResult('t_two', '…')])]
  const done = (history: Message[]) => [...history, assistant('One cat.'), user('And the dogs?')]
  return {
    k1: tell('k1 main', { at: 0, ...headers, messages: asked, answer: [one, two] }),
    k2: tell('k1 main after k1', { at: 1, ...headers, messages: looked, answer: 'One cat.' }),
    // The results in another order, as a new process remembers them.
    k3: tell('k1 main after k2', { at: 2, ...headers, messages: done(turned), answer: 'No dogs.' }),
    // Their content cut away to save room.
    k4: tell('k1 main after k3', {
      at: 3,
      ...headers,
      messages: [...done(cut), assistant('No dogs.'), user('And the birds?')],
      answer: 'Two.',
    }),
    // An earlier question put otherwise.
    k5: tell(`k1 branch_${stamp(4)} after k2`, {
      at: 4,
      ...headers,
      messages: [...looked, assistant('One cat.'), user('And the fish?')],
      answer: 'None.',
    }),
  }
}

/** Sessions that all begin alike, are told to come again, and get the same answer. */
function crowd() {
  const asked = [user('Good morning')]
  const went = [...asked, assistant('Good morning!'), user('What is new?')]
  const of = (index: number) => {
    const sessionId = sessionOf(`f${index}f`)
    const first = `h${index}`
    return [
      [first, tell(`${first} main`, { at: index, sessionId, messages: asked, answer: null })],
      [
        `i${index}`,
        tell(`${first} main again ${first}`, { at: 100 + index, sessionId, messages: asked, answer: 'Good morning!' }),
      ],
      [
        `j${index}`,
        tell(`${first} main after i${index}`, { at: 200 + index, sessionId, messages: went, answer: 'Nothing.' }),
      ],
    ] as const
  }
  return Object.fromEntries(Array.from({ length: 12 }, (_none, index) => of(index)).flat()) as Record<string, Told>
}

/** Many clients show examples first, as if they had been said; short answers are alike everywhere. */
function examples() {
  const shown = [user('I loved it'), assistant('positive')]
  const more = [...shown, user('I hated it'), assistant('negative')]
  return {
    z1: tell('z1 main', { at: 0, messages: [user('What a film')], answer: 'positive' }),
    z2: tell('z2 main', { at: 1, messages: [...shown, user('Boring')], answer: 'negative' }),
    z3: tell('z3 main', { at: 2, messages: [...shown, user('Dull')], answer: 'negative' }),
    z4: tell('z4 main', { at: 3, messages: [...more, user('So so')], answer: 'negative' }),
  }
}

const picture = (data: string) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })

function pictures() {
  const sessionId = sessionOf('e1')
  const asked = [user([picture('iVBORw0KGgo='), text('What is this?')])]
  const shot = callTool('t_shot', 'Screenshot', {})
  const seen = user([{ type: 'tool_result', tool_use_id: 't_shot', content: [text('taken'), picture('iVBORw0KGgq=')] }])
  const marked = user([picture('iVBORw0KGgo='), text('What is this?', { cache_control: { type: 'ephemeral' } })])
  return {
    p1: tell('p1 main', { at: 0, sessionId, messages: asked, answer: [shot] }),
    p2: tell('p1 main after p1', { at: 1, sessionId, messages: [...asked, assistant([shot]), seen], answer: 'A cat.' }),
    p3: tell('p1 main after p2', {
      at: 2,
      sessionId,
      messages: [marked, assistant([shot]), seen, assistant('A cat.'), user('Sure?')],
      answer: 'Yes.',
    }),
    // The same words with another picture are another question.
    p4: tell('p4 main', {
      at: 3,
      sessionId: sessionOf('e2'),
      messages: [user([picture('iVBORw0KGgs='), text('What is this?')])],
      answer: [shot],
    }),
  }
}

/** Word for word what the other domain said, in the same session. */
function otherDomain() {
  const sessionId = sessionOf('d1')
  const first = [user('Open the doors')]
  const domainId = otherDomainId
  return {
    o1: tell('o1 main', { at: 0, domainId, sessionId, messages: first, answer: 'Opened.' }),
    o2: tell('o1 main after o1', {
      at: 1,
      domainId,
      sessionId,
      messages: [...first, assistant('Opened.'), user('Shut them')],
      answer: 'Shut.',
    }),
    o3: tell('o3 main', {
      at: 2,
      domainId,
      sessionId: sessionOf('d3'),
      messages: [continued],
      answer: 'Shut.',
    }),
    o4: tell('o4 main', { at: 3, domainId, messages: [user('Look')], answer: 'Where?' }),
  }
}

const stories = [
  sameInstant,
  openAttempt,
  nestedAgents,
  fanOut,
  compactionAndBranch,
  plainSdk,
  examples,
  crowd,
  pictures,
  otherDomain,
]
const told = Object.assign({}, ...stories.map(story)) as Record<string, Told>
const calls = Object.fromEntries(Object.entries(told).map(([name, { call }]) => [name, call]))
const expected = Object.fromEntries(Object.entries(told).map(([name, { place }]) => [name, place]))

function placeOf({ conversation, branch, parent, task, attemptOf }: LinkRow): string {
  return [
    `${conversation} ${branch}`,
    // An attempt stands where the first one does.
    attemptOf ? `again ${attemptOf}` : parent && `after ${parent}`,
    task && `for ${task}`,
  ]
    .filter(Boolean)
    .join(' ')
}

async function readPlaces(): Promise<Record<string, string>> {
  const links = await stage.readLinks(calls)
  return Object.fromEntries(Object.keys(told).map((name) => [name, links[name] ? placeOf(links[name]) : 'nowhere']))
}

test('each finds its place, one after the other', async () => {
  await stage.linksOf(calls)
  expect(await readPlaces()).toEqual(expected)
})

test('and in one batch', async () => {
  await stage.record(Object.values(calls))
  expect(await readPlaces()).toEqual(expected)
})

test(
  'in any order and in any batches, and linked again afterwards nothing changes',
  async () => {
    let counted: unknown
    await fc.assert(
      fc
        .asyncProperty(
          fc.shuffledSubarray(Object.keys(calls), { minLength: Object.keys(calls).length }),
          fc.integer({ min: 1, max: 12 }),
          async (order, atATime) => {
            for (let from = 0; from < order.length; from += atATime)
              await stage.record(order.slice(from, from + atATime).flatMap((name) => calls[name] ?? []))
            expect(await readPlaces()).toEqual(expected)
            counted ??= await stage.conversationRows()
            expect(await stage.conversationRows()).toEqual(counted)
            expect(await stage.relink()).toEqual([])
          },
        )
        .afterEach(() => stage.clear()),
      { numRuns: 8, seed: 20_261_123 },
    )
  },
  patienceMs,
)
