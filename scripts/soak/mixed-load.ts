import { setTimeout as delay } from 'node:timers/promises'
import { start, type Pending, type RawHeaders } from '@/e2e/conformance/client'
import { bearer, messagesBody, usualHeaders } from '@/e2e/conformance/usual-call'
import { faultTenant, teamA } from '@/e2e/conformance/world'

/** What the clients of a soak saw. */
export interface Tally {
  /** Answered, with the id of the record that must be there. */
  readonly known: Set<string>
  /** Left before the answer began: whether these were accepted the client cannot know. */
  unknown: number
  readonly failures: string[]
  readonly kinds: Map<string, number>
}

interface Client {
  readonly url: string
  readonly tally: Tally
  readonly random: () => number
  /** Messages of the conversation that this client has going. */
  messages: object[]
}

interface Asked {
  /** What the upstream shall do; its usual answer by default. */
  readonly scenario?: string
  readonly body?: Buffer
  readonly target?: string
  readonly key?: string
}

function ask({ url }: Client, { scenario, body = messagesBody(), target, key = teamA.clientKey }: Asked): Pending {
  const chosen: RawHeaders = scenario ? [['x-fake-scenario', scenario]] : []
  return start(url, { target, body, headers: [...bearer(key), ...usualHeaders, ...chosen] })
}

/** A call that must be answered whole, with this status where one is given. */
async function askWhole(client: Client, asked: Asked, status: number | null = 200): Promise<void> {
  const reply = await ask(client, asked).read()
  const id = reply.header('x-nexus-request-id')
  if (id) client.tally.known.add(id)
  const isAsExpected = status === null ? reply.status >= 400 : reply.status === status
  if (id && reply.isComplete && isAsExpected) return
  client.tally.failures.push(`${asked.target ?? asked.scenario}: ${reply.status}${reply.isComplete ? '' : ', cut'}`)
}

async function leaveInStream(client: Client): Promise<void> {
  const pending = ask(client, { scenario: 'text?ms=20&events=2000' })
  const { incoming, header } = await pending.head
  incoming.on('error', () => undefined).resume()
  client.tally.known.add(header('x-nexus-request-id') ?? '')
  await delay(client.random() * 400)
  pending.abort()
}

async function leaveBeforeAnswer(client: Client): Promise<void> {
  const pending = ask(client, { scenario: 'silent' })
  pending.request.on('error', () => undefined)
  await delay(50 + client.random() * 400)
  client.tally.unknown += 1
  pending.abort()
}

/** One more turn of a conversation that grows to some tens of kilobytes and then begins anew. */
async function converse(client: Client): Promise<void> {
  if (client.messages.length >= 24) client.messages = []
  const text = `${client.random()} `.repeat(40)
  client.messages.push({ role: 'user', content: `Go on from here. ${text}` })
  await askWhole(client, {
    scenario: 'text?ms=5&events=20',
    body: messagesBody({ messages: client.messages, system: 'You are a patient tester. '.repeat(100) }),
  })
  client.messages.push({ role: 'assistant', content: `So it went on. ${text}` })
}

/** It answers an error while its database is away, which is no failure of a call. */
async function readDashboard({ url }: Client): Promise<void> {
  for (const target of ['/health', '/api/requests?limit=50', '/api/conversations?limit=20'])
    await (await fetch(`${url}${target}`, { headers: { 'x-dashboard-key': dashboardKey } })).text()
}

export const dashboardKey = 'soak-dashboard-key-0123456789'

const countTokens = (client: Client) =>
  askWhole(client, { target: '/v1/messages/count_tokens', body: messagesBody({ stream: undefined }) })

/** How often of hundred calls, and what. */
const kinds: readonly (readonly [share: number, name: string, play: (client: Client) => Promise<void>])[] = [
  [30, 'streams', (client) => askWhole(client, { scenario: 'text?ms=20&events=30' })],
  [25, 'turns of conversations', converse],
  [15, 'whole answers', (client) => askWhole(client, { scenario: 'text', body: messagesBody({ stream: false }) })],
  [8, 'left in the stream', leaveInStream],
  [5, 'left before the answer', leaveBeforeAnswer],
  [5, 'refused by the upstream', (client) => askWhole(client, { scenario: 'error?status=400' }, 400)],
  [4, 'failed at the upstream', (client) => askWhole(client, { ...failing, scenario: 'error?status=529' }, null)],
  [5, 'token counts', countTokens],
  [3, 'looks at the dashboard', readDashboard],
]
const failing = { key: faultTenant('status-529').clientKey }

function choose(random: () => number): (typeof kinds)[number] {
  let at = random() * 100
  return kinds.find(([share]) => (at -= share) < 0) ?? (kinds[0] as (typeof kinds)[number])
}

/** Clients that call without end, each kind as often as its share says, until the signal. */
export async function playMixedLoad(url: string, clients: number, signal: AbortSignal): Promise<Tally> {
  const tally: Tally = { known: new Set(), unknown: 0, failures: [], kinds: new Map() }
  const keepCalling = async (_: unknown, seed: number) => {
    const client: Client = { url, tally, random: randomFrom(seed + 1), messages: [] }
    while (!signal.aborted) {
      const [, name, play] = choose(client.random)
      tally.kinds.set(name, (tally.kinds.get(name) ?? 0) + 1)
      await play(client).catch((error: Error) => tally.failures.push(`${name}: ${error.message}`))
    }
  }
  await Promise.all(Array.from({ length: clients }, keepCalling))
  return tally
}

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
