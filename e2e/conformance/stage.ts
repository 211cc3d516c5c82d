import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { startFakeClaude, type FakeClaude, type FakeExchange } from '@/lib/testing/fake-claude'
import { start, type Ask, type Pending, type RawHeaders, type Reply } from './client'
import type { DoorName, StageFacts } from './global-setup'
import { bearer, messagesBody, usualHeaders } from './usual-call'
import { teamA } from './world'

/** Both doors of the product; the same tests run against each. */
export const doors: readonly DoorName[] = ['fast', 'route']

/** A call to the proxy; what is left out is what an ordinary call has. */
export interface StageAsk extends Ask {
  /** What the fake shall do: `name?param=value`. */
  readonly scenario?: string
  readonly credential?: RawHeaders
}

/** A call that was answered and read, for the comparison with the record. */
export interface StageCall {
  readonly ask: Ask
  readonly reply: Reply
  /** What the fake saw of it; null = it was not forwarded, or its answer was not relayed. */
  readonly exchange: FakeExchange | null
}

/** A running proxy with the fake Claude behind it. */
export interface Stage extends StageFacts {
  readonly fake: FakeClaude
  readonly calls: readonly StageCall[]
  /** Begins a call that the test reads, or leaves, itself. */
  start(ask?: StageAsk): Pending
  call(ask?: StageAsk): Promise<Reply>
  /** The last thing that reached the upstream. */
  forwarded(): FakeExchange
  /** Resident memory of the app, in bytes. */
  residentBytes(): number
  /** The upstream is down while `run` runs. */
  withoutUpstream<T>(run: () => Promise<T>): Promise<T>
}

function complete(ask: StageAsk): Ask {
  const { headers = usualHeaders, credential = bearer(teamA.clientKey), scenario, method = 'POST', ...rest } = ask
  const body = rest.body === undefined && method === 'POST' ? messagesBody() : rest.body
  const chosen: RawHeaders = scenario ? [['x-fake-scenario', scenario]] : []
  return { ...rest, method, body, headers: [...credential, ...headers, ...chosen] }
}

/** Opens the stage of a door for the tests of the enclosing describe(). */
export function useStage(door: DoorName): Stage {
  const facts = inject('stages')[door]
  const calls: StageCall[] = []
  let fake: FakeClaude

  beforeAll(async () => {
    fake = await startFakeClaude({ port: facts.upstreamPort })
  })
  beforeEach(() => fake.reset())
  afterAll(() => fake.close())

  const begin = (ask: StageAsk = {}) => start(facts.url, complete(ask))
  const call = async (ask: StageAsk = {}) => {
    const sent = complete(ask)
    const reply = await start(facts.url, sent).read()
    const exchange = fake.requests.find(({ requestId }) => requestId === reply.header('request-id')) ?? null
    calls.push({ ask: sent, reply, exchange })
    return reply
  }

  return {
    ...facts,
    calls,
    get fake() {
      return fake
    },
    start: begin,
    call,
    forwarded() {
      const last = fake.requests.at(-1)
      if (!last) throw new Error('Nothing reached the upstream.')
      return last
    },
    residentBytes() {
      const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${facts.pid}/status`, 'utf8'))?.[1]
      return Number(kilobytes) * 1024
    },
    async withoutUpstream(run) {
      await fake.close()
      try {
        return await run()
      } finally {
        fake = await startFakeClaude({ port: facts.upstreamPort })
      }
    },
  }
}
