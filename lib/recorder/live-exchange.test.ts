import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ByteBudget } from '@/lib/byte-budget'
import type { JournalEntry } from '@/lib/journal/entry'
import { Journal, type JournalSettings } from '@/lib/journal/journal'
import { Segment } from '@/lib/journal/segment'
import { aBegin, anEnd } from '@/lib/testing/recorder-fixtures'
import type { FinishedExchange } from './exchange'
import { JournaledExchange } from './journaled-exchange'
import { LiveExchange } from './live-exchange'

let directory: string
let journal: Journal
let clockMs: number

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'nexus-live-'))
  journal = openJournal()
  clockMs = 1_000
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await journal.close()
  await rm(directory, { recursive: true })
})

function openJournal(more: Partial<JournalSettings> = {}): Journal {
  return new Journal({ directory, maxBytes: 1e9, fullPolicy: 'shed', fsync: 'group', ...more })
}

function start({ budget = new ByteBudget(1e9), readsJournal = false } = {}) {
  const begin = aBegin()
  const entry: JournalEntry = journal.entry(begin.requestId)
  let resolve: (finished: FinishedExchange) => void
  const finished = new Promise<FinishedExchange>((done) => (resolve = done))
  const exchange = new LiveExchange(begin, {
    entry,
    clock: { now: () => clockMs, monotonic: () => clockMs },
    budget,
    readsJournal,
    onEnding: () => undefined,
    onEnd: (ended) => resolve(ended),
  })
  return { begin, entry, exchange, finished }
}

const frameTypes = async (entry: JournalEntry) => (await entry.read()).map(({ type }) => type)

test('response bytes go to the journal when they are many', async () => {
  const { entry, exchange } = start()
  for (let index = 0; index < 20; index += 1) exchange.chunk(Buffer.alloc(10_000))
  await journal.flush()
  expect(await frameTypes(entry)).toEqual(['begin', 'part', 'part'])
})

test('response bytes go to the journal when they have waited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { entry, exchange } = start()
  await exchange.begun
  exchange.chunk(Buffer.from('x'))
  vi.advanceTimersByTime(249)
  vi.useRealTimers()
  await journal.flush()
  expect(await frameTypes(entry)).toEqual(['begin'])
})

test('and after 250 ms', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { entry, exchange } = start()
  await exchange.begun
  exchange.chunk(Buffer.from('x'))
  vi.advanceTimersByTime(250)
  vi.useRealTimers()
  await journal.flush()
  expect(await frameTypes(entry)).toEqual(['begin', 'part'])
})

test('an arrival is noted for every piece, at its time', async () => {
  const { exchange, finished } = start()
  clockMs += 12
  exchange.chunk(Buffer.from('ab'))
  clockMs += 30
  exchange.chunk(Buffer.from('c'))
  exchange.end(anEnd())
  const { arrivals, responseBody } = await (await finished).load()
  expect(responseBody.toString()).toBe('abc')
  expect(arrivals).toEqual([
    { offsetMs: 12, byteLength: 2 },
    { offsetMs: 42, byteLength: 1 },
  ])
})

describe('memory', () => {
  test('is given back when the exchange is recorded', async () => {
    const budget = new ByteBudget(200_000)
    const { exchange, finished } = start({ budget })
    exchange.chunk(Buffer.alloc(100_000))
    exchange.end(anEnd())
    expect(budget.tryTake(150_000)).toBe(false)
    ;(await finished).release()
    expect(budget.tryTake(200_000)).toBe(true)
  })

  test('is not used beyond the budget: the exchange comes from the journal', async () => {
    const budget = new ByteBudget(70_000)
    const { begin, exchange, finished } = start({ budget })
    for (const byte of [1, 2]) exchange.chunk(Buffer.alloc(66_000, byte))
    exchange.end(anEnd())
    const ended = await finished
    expect(ended).toBeInstanceOf(JournaledExchange)
    expect(budget.tryTake(70_000)).toBe(true)
    const exchanged = await ended.load()
    expect(Buffer.compare(exchanged.begin.body, begin.body)).toBe(0)
    expect(exchanged.responseBody.length).toBe(132_000)
    expect(exchanged.end.outcome).toBe('completed')
  })
})

test('when the disk refuses and memory is short, the row is kept and the bodies are said to be dropped', async () => {
  vi.spyOn(Segment.prototype, 'append').mockRejectedValue(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  const { begin, exchange, finished } = start({ budget: new ByteBudget(10) })
  exchange.chunk(Buffer.from('hello'))
  exchange.end(anEnd({ status: 201 }))
  const exchanged = await (await finished).load()
  expect(exchanged).toMatchObject({
    requestDrop: 'journal_full',
    responseDrop: 'journal_full',
    requestBytes: begin.body.length,
    responseBytes: 5,
  })
  expect(exchanged.end.status).toBe(201)
})

test('when the disk refuses and there is memory, nothing is missing', async () => {
  vi.spyOn(Segment.prototype, 'append').mockRejectedValue(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  const { exchange, finished } = start()
  await exchange.begun
  exchange.chunk(Buffer.from('hello'))
  exchange.end(anEnd())
  const exchanged = await (await finished).load()
  expect(exchanged).toMatchObject({ requestDrop: null, responseDrop: null })
  expect(exchanged.responseBody.toString()).toBe('hello')
})

test('a journal without room for bodies gets none', async () => {
  journal = openJournal({ maxBytes: 10, fullPolicy: 'drop-body' })
  const { begin, exchange, finished } = start()
  exchange.chunk(Buffer.alloc(200_000))
  exchange.end(anEnd())
  const exchanged = await (await finished).load()
  expect(exchanged).toMatchObject({
    requestDrop: 'journal_full',
    responseDrop: 'journal_full',
    requestBytes: begin.body.length,
    responseBytes: 200_000,
  })
  expect(exchanged.responseBody.length).toBe(0)
  expect(journal.byteLength).toBeLessThan(5_000)
})

test('an answer that finds no more room half-way is counted and not kept', async () => {
  journal = openJournal({ maxBytes: 200_000, fullPolicy: 'drop-body' })
  const { exchange, finished } = start()
  for (let index = 0; index < 40; index += 1) exchange.chunk(Buffer.alloc(10_000))
  exchange.end(anEnd())
  const exchanged = await (await finished).load()
  expect(exchanged).toMatchObject({ requestDrop: null, responseDrop: 'journal_full', responseBytes: 400_000 })
  expect(journal.byteLength).toBeLessThan(190_000)
})

test('answers that end at the same instant leave the last tenth of the journal to rows', async () => {
  journal = openJournal({ maxBytes: 1_000_000, fullPolicy: 'drop-body' })
  const started = Array.from({ length: 40 }, () => start())
  for (const { exchange } of started) exchange.chunk(Buffer.alloc(50_000))
  for (const { exchange } of started) exchange.end(anEnd())
  const exchanges = await Promise.all(started.map(async ({ finished }) => (await finished).load()))
  const kept = exchanges.filter(({ responseDrop }) => responseDrop === null)
  expect(kept.length * 50_000).toBeGreaterThan(700_000)
  expect(journal.byteLength).toBeLessThan(1_000_000)
  expect(journal.isFull).toBe(false)
})

test('a response too large to be kept is counted and not kept', async () => {
  const { exchange, finished } = start()
  const megabytes = Buffer.alloc(16 * 1024 * 1024)
  for (let index = 0; index < 9; index += 1) exchange.chunk(megabytes)
  exchange.end(anEnd())
  const exchanged = await (await finished).load()
  expect(exchanged).toMatchObject({ responseDrop: 'too_large', responseBytes: 9 * megabytes.length })
})

test('calls after the end, and a second end, change nothing', async () => {
  const { exchange, finished } = start()
  exchange.end(anEnd())
  exchange.chunk(Buffer.from('late'))
  exchange.end(anEnd({ outcome: 'timeout' }))
  const exchanged = await (await finished).load()
  expect(exchanged.end.outcome).toBe('completed')
  expect(exchanged.responseBytes).toBe(0)
})

test('for a recorder that reads the journal, nothing stays in memory beyond the end', async () => {
  const budget = new ByteBudget(200_000)
  const { begin, exchange, finished } = start({ budget, readsJournal: true })
  exchange.chunk(Buffer.alloc(100_000))
  exchange.end(anEnd())
  const ended = await finished
  expect(budget.tryTake(200_000)).toBe(true)
  expect(ended.places?.map(({ type }) => type)).toEqual(['begin', 'part', 'end'])
  expect((await ended.load()).begin.body).toEqual(begin.body)
})
