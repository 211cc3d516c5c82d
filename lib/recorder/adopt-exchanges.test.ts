import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ByteBudget } from '@/lib/byte-budget'
import { frameHeaderBytes } from '@/lib/journal/frame'
import { Journal } from '@/lib/journal/journal'
import { scanSegment } from '@/lib/journal/scan'
import { aBegin, anEnd } from '@/lib/testing/recorder-fixtures'
import type { Exchange } from './exchange'
import { LiveExchange } from './live-exchange'
import { adoptExchanges } from './adopt-exchanges'

let root: string
/** Bytes of a segment with three exchanges: ended, ended with parts, not ended. */
let whole: Buffer
let ids: string[]

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'nexus-adopt-'))
  const directory = path.join(root, 'written')
  await mkdir(directory)
  const journal = openJournal(directory)
  ids = []
  await play(journal, { chunks: ['one'], isEnded: true })
  await play(journal, { chunks: ['a'.repeat(70_000), 'bc'], isEnded: true })
  await play(journal, { chunks: ['z'.repeat(66_000)], isEnded: false })
  await journal.close()
  const [name = ''] = await readdir(directory)
  whole = await readFile(path.join(directory, name))
})
afterEach(() => rm(root, { recursive: true }))

function openJournal(directory: string): Journal {
  return new Journal({ directory, maxBytes: 1e9, fullPolicy: 'shed', fsync: 'group' })
}

async function play(journal: Journal, { chunks, isEnded }: { chunks: string[]; isEnded: boolean }): Promise<void> {
  const begin = aBegin({ body: Buffer.from('{"model":"m"}') })
  ids.push(begin.requestId)
  const exchange = new LiveExchange(begin, {
    entry: journal.entry(begin.requestId),
    clock: { now: () => 1_000, monotonic: () => 5 },
    budget: new ByteBudget(1e9),
    readsJournal: false,
    onEnding: () => undefined,
    onEnd: () => undefined,
  })
  await exchange.begun
  for (const chunk of chunks) exchange.chunk(Buffer.from(chunk))
  if (isEnded) exchange.end(anEnd())
  await journal.flush()
}

let copies = 0

/** What is found in a segment with these bytes. */
async function adopt(bytes: Buffer): Promise<{ found: Exchange[]; quarantined: string[] }> {
  copies += 1
  const directory = path.join(root, `copy-${copies}`, 'own')
  await mkdir(directory, { recursive: true })
  await writeFile(path.join(directory, '00000001.segment'), bytes)
  const journal = openJournal(directory)
  const found = await Promise.all((await adoptExchanges(directory, journal)).map((finished) => finished.load()))
  await journal.close()
  const quarantined = await readdir(path.join(root, `copy-${copies}`, 'quarantine')).catch(() => [])
  return { found, quarantined }
}

test('what was written comes back: begins, parts and ends', async () => {
  const { found: exchanges, quarantined } = await adopt(whole)
  expect(exchanges.map(({ begin }) => begin.requestId)).toEqual(ids)
  expect(exchanges.map(({ end }) => end.outcome)).toEqual(['completed', 'completed', 'interrupted'])
  expect(exchanges.map(({ responseBody }) => responseBody.length)).toEqual([3, 70_002, 66_000])
  expect(exchanges[0]?.begin).toMatchObject({
    target: '/v1/messages?beta=true',
    caller: { domain: 'team-a.example.com' },
  })
  expect(quarantined).toEqual([])
})

describe('a torn tail', () => {
  test('costs no whole frame, wherever it is torn', async () => {
    const file = path.join(root, 'torn.segment')
    await writeFile(file, whole)
    const { frames } = await scanSegment(file)
    const ends = frames.map(({ offset, payloadLength }) => offset + frameHeaderBytes + payloadLength)
    const firstPart = frames.find(({ type }) => type === 'part')?.offset ?? 0
    // Every byte of the first frames, and some of the long ones.
    for (let length = whole.length; length >= 0; length -= length < firstPart + 500 ? 1 : 499) {
      await truncate(file, length)
      expect((await scanSegment(file)).frames).toHaveLength(ends.filter((end) => end <= length).length)
    }
  }, 60_000)

  test('is set aside, once', async () => {
    const { found, quarantined } = await adopt(whole.subarray(0, whole.length - 10))
    expect(found).toHaveLength(3)
    expect(quarantined).toHaveLength(1)
    expect(found.at(-1)?.responseBody).toHaveLength(0)
  })

  test('of zeros, as a file system leaves them after a power cut, is no frame', async () => {
    const { found } = await adopt(Buffer.concat([whole, Buffer.alloc(4_096)]))
    expect(found).toHaveLength(3)
  })
})

describe('a flipped bit', () => {
  test('costs one frame: every exchange it is not in comes back as it was', async () => {
    const intact = (await adopt(whole)).found
    for (let at = 0; at < whole.length; at += at < 4_096 ? 64 : 3_571) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      const { found } = await adopt(bytes)
      const same = found.filter((exchange) => isIn(exchange, intact))
      expect(same.length, `bit in byte ${at}`).toBeGreaterThanOrEqual(2)
    }
  }, 60_000)
})

function isIn(exchange: Exchange, list: readonly Exchange[]): boolean {
  return list.some(
    (other) =>
      other.begin.requestId === exchange.begin.requestId &&
      other.end.outcome === exchange.end.outcome &&
      other.responseBody.equals(exchange.responseBody) &&
      Buffer.compare(other.begin.body, exchange.begin.body) === 0,
  )
}

test('a body that imitates a frame is no frame', async () => {
  const directory = path.join(root, 'forged')
  await mkdir(directory)
  const journal = openJournal(directory)
  const entry = journal.entry(aBegin().requestId)
  // A whole segment of another journal, as a request body could contain it.
  await entry.append('part', [whole])
  await journal.close()
  const [name = ''] = await readdir(directory)
  const bytes = await readFile(path.join(directory, name))
  // Damaged at its start, so that the reader has to look for the next frame inside the body.
  bytes[30] = (bytes[30] ?? 0) ^ 1
  expect((await adopt(bytes)).found).toEqual([])
})

test('the rest of an exchange whose begin is gone is dropped with its segment', async () => {
  const directory = path.join(root, 'rest')
  await mkdir(directory)
  const journal = openJournal(directory)
  await journal.entry(aBegin().requestId).append('part', [Buffer.from('x')])
  await journal.close()
  const second = openJournal(directory)
  expect(await adoptExchanges(directory, second)).toEqual([])
  await second.flush()
  expect(await readdir(directory)).toEqual([])
})

test('segments are removed once what they held is recorded', async () => {
  const directory = path.join(root, 'removed')
  await cp(path.join(root, 'written'), directory, { recursive: true })
  const journal = openJournal(directory)
  for (const finished of await adoptExchanges(directory, journal)) finished.release()
  await journal.close()
  expect(await readdir(directory)).toEqual([])
})
