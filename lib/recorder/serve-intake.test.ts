import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ByteBudget } from '@/lib/byte-budget'
import { Journal } from '@/lib/journal/journal'
import { aBegin, anEnd } from '@/lib/testing/recorder-fixtures'
import type { FromIntake, HandedExchange } from './intake-messages'
import type { Exchange, FinishedExchange } from './exchange'
import type { IntakeEvents, ExchangeIntake } from './exchange-intake'
import { LiveExchange } from './live-exchange'
import { serveIntake } from './serve-intake'

/** The end of an intake that lives in the other thread, here on a channel within this one. */
let root: string
let journal: Journal
let here: MessagePort
let served: Promise<void>
let taken: FinishedExchange[]
let events: IntakeEvents
const heard: FromIntake[] = []

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'nexus-serve-'))
  journal = new Journal({ directory: root, maxBytes: 1e9, fullPolicy: 'shed', fsync: 'group' })
  const channel = new MessageChannel()
  here = channel.port1
  heard.length = 0
  taken = []
  here.on('message', (message: FromIntake) => heard.push(message))
  served = serveIntake(channel.port2, (given) => {
    events = given
    return fakeIntake()
  })
})
afterEach(async () => {
  here.postMessage({ say: 'stop' })
  await served
  here.close()
  await journal.close()
  await rm(root, { recursive: true })
})

const troubles = {
  ...{ droppedBodies: 0, quarantined: 0, checkedBodies: 0, damagedBodies: 0 },
  lastError: 'the database is away',
}

function fakeIntake(): ExchangeIntake {
  return {
    readsJournal: false,
    pendingCount: 0,
    lagMs: 0,
    troubles,
    memory: null,
    push: (finished) => void taken.push(...finished),
    flush: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
}

/** An exchange that was played into the journal, as the other thread hands it over. */
async function handOver(ticket: number): Promise<{ played: Exchange; handed: HandedExchange }> {
  const begin = aBegin()
  const finished = await new Promise<FinishedExchange>((onEnd) => {
    const clock = { now: () => 5, monotonic: () => 5 }
    const entry = journal.entry(begin.requestId)
    const settings = { entry, clock, budget: new ByteBudget(1e9), readsJournal: true, onEnding: () => undefined, onEnd }
    const exchange = new LiveExchange(begin, settings)
    exchange.chunk(Buffer.from('hello'))
    exchange.end(anEnd())
  })
  const { requestId, receivedAtMs, endedAtMs, byteLength, isRepeat, places } = finished
  const facts = { ticket, requestId, receivedAtMs, endedAtMs, byteLength, isRepeat }
  return { played: await finished.load(), handed: { ...facts, content: { places: places ?? [] } } }
}

async function take(handed: HandedExchange): Promise<FinishedExchange> {
  here.postMessage({ say: 'record', exchanges: [handed] })
  await expect.poll(() => taken.length).toBe(1)
  return taken[0]!
}

test('an exchange is read from the journal of the other thread', async () => {
  const { played, handed } = await handOver(1)
  expect(await (await take(handed)).load()).toEqual(played)
})

test('an exchange that is handed over whole is the same', async () => {
  const { played, handed } = await handOver(1)
  const exchange = await (await take({ ...handed, content: { exchange: played } })).load()
  expect(exchange).toEqual(played)
  expect(Buffer.isBuffer(exchange.responseBody)).toBe(true)
})

test('a frame that is not whole any more is no exchange', async () => {
  const { handed } = await handOver(1)
  const [place] = 'places' in handed.content ? handed.content.places : []
  await truncate(place!.file, place!.offset + 40)
  await expect((await take(handed)).load()).rejects.toThrow('is damaged')
})

test('what was recorded in one turn is released by one message', async () => {
  const { handed } = await handOver(1)
  here.postMessage({ say: 'record', exchanges: [handed, { ...handed, ticket: 2 }] })
  await expect.poll(() => taken.length).toBe(2)
  for (const finished of taken) finished.release()
  await expect.poll(() => heard).toContainEqual({ say: 'released', tickets: [1, 2] })
})

test('rows are told with their bytes and times', async () => {
  const row = { requestId: 'r', createdAt: new Date(5) }
  events.onRecorded([row as never])
  await expect.poll(() => heard).toContainEqual({ say: 'recorded', rows: [row] })
})

test('the other thread keeps aside what cannot be recorded, and says whether it could', async () => {
  const { handed } = await handOver(7)
  const finished = await take(handed)
  const kept = finished.quarantine()
  await expect.poll(() => heard).toContainEqual({ say: 'quarantine', ticket: 7 })
  here.postMessage({ say: 'quarantined', ticket: 7, isKept: true })
  await expect(kept).resolves.toBeUndefined()
  const lost = finished.quarantine()
  here.postMessage({ say: 'quarantined', ticket: 7, isKept: false })
  await expect(lost).rejects.toThrow('could not be kept')
})

test('troubles are told', async () => {
  await expect.poll(() => heard).toContainEqual({ say: 'troubles', troubles })
})

test('what the thread has in memory is told', async () => {
  const someBytes = expect.any(Number) as number
  await expect
    .poll(() => heard)
    .toContainEqual({ say: 'memory', memory: { heapBytes: someBytes, externalBytes: someBytes } })
})
