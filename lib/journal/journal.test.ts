import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '@/lib/ids'
import { adoptExchanges } from '@/lib/recorder/adopt-exchanges'
import { waitUntil } from '@/lib/testing/wait-until'
import type { JournalEntry } from './entry'
import { Journal, type JournalSettings } from './journal'
import { readFrames } from './read-frames'
import { Segment } from './segment'

let root: string
let directory: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'nexus-journal-'))
  directory = path.join(root, 'own')
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await rm(root, { recursive: true, force: true })
})

function openJournal(more: Partial<JournalSettings> = {}): Journal {
  return new Journal({ directory, maxBytes: 1_000_000, fullPolicy: 'shed', fsync: 'group', ...more })
}

const segments = async () => (await readdir(directory)).filter((name) => name.endsWith('.segment'))

async function writeOne(journal: Journal, text = 'hello'): Promise<JournalEntry> {
  const entry = journal.entry(newId())
  await entry.append('begin', [Buffer.from(text)])
  return entry
}

/** Makes the disk refuse as long as the answer is true. */
function breakDisk(method: 'append' | 'sync', isBroken: () => boolean): void {
  const original = Segment.prototype[method] as (...given: unknown[]) => Promise<unknown>
  vi.spyOn(Segment.prototype, method).mockImplementation(async function (this: Segment, ...given: unknown[]) {
    if (isBroken()) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    return original.apply(this, given) as never
  })
}

test('an appended frame can be read back', async () => {
  const journal = openJournal()
  const entry = await writeOne(journal)
  await entry.append('end', [Buffer.from('good'), Buffer.from('bye')])
  const frames = await entry.read()
  expect(frames.map(({ type, payload }) => [type, payload.toString()])).toEqual([
    ['begin', 'hello'],
    ['end', 'goodbye'],
  ])
  await journal.close()
})

test('the place of a frame is handed to another thread without anything that lies beside it', async () => {
  const journal = openJournal()
  const { places } = await writeOne(journal)
  const [place] = structuredClone(places)
  expect(place?.marker.buffer.byteLength).toBe(8)
  await journal.close()
})

test('the file is readable for nobody else', async () => {
  const journal = openJournal()
  await writeOne(journal)
  const [name = ''] = await segments()
  expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o600)
  await journal.close()
})

test('frames that come while a write is under way go to the disk in one write', async () => {
  const append = vi.spyOn(Segment.prototype, 'append')
  const journal = openJournal()
  await Promise.all(Array.from({ length: 50 }, () => writeOne(journal)))
  // The first of them begins the write that the others wait for.
  expect(append.mock.calls.length).toBeLessThanOrEqual(2)
  await journal.close()
})

test('a segment is removed when every exchange in it is recorded, not before', async () => {
  const journal = openJournal({ segmentBytes: 1_000 })
  const entries: JournalEntry[] = []
  for (let index = 0; index < 4; index += 1) entries.push(await writeOne(journal, 'x'.repeat(400)))
  await writeOne(journal)
  const before = await segments()
  expect(before.length).toBeGreaterThan(1)
  entries[0]?.release()
  expect(await segments()).toEqual(before)
  for (const entry of entries.slice(1)) entry.release()
  await waitUntil(async () => (await segments()).length < before.length)
  expect(await segments()).not.toContain(before[0])
  await journal.close()
})

test('an exchange that reaches over two segments holds both', async () => {
  const journal = openJournal({ segmentBytes: 500 })
  const entry = await writeOne(journal, 'x'.repeat(600))
  await entry.append('end', [Buffer.from('y')])
  const other = await writeOne(journal)
  expect(await segments()).toHaveLength(2)
  other.release()
  expect(await segments()).toHaveLength(2)
  expect((await entry.read()).map(({ type }) => type)).toEqual(['begin', 'end'])
  await journal.close()
})

test('with strict syncing an append waits for the disk', async () => {
  const order: string[] = []
  const original = Segment.prototype.sync
  vi.spyOn(Segment.prototype, 'sync').mockImplementation(async function (this: Segment) {
    await original.call(this)
    order.push('synced')
  })
  const journal = openJournal({ fsync: 'strict' })
  await writeOne(journal)
  order.push('appended')
  expect(order).toEqual(['synced', 'appended'])
  await journal.close()
})

test('without strict syncing the sync follows within 50 ms', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sync = vi.spyOn(Segment.prototype, 'sync')
  const journal = openJournal()
  await writeOne(journal)
  expect(sync).not.toHaveBeenCalled()
  vi.advanceTimersByTime(50)
  expect(sync).toHaveBeenCalledTimes(1)
  await journal.close()
})

describe('when there is no room', () => {
  test('policy shed: the journal says it is full at its cap, and is not when there is room again', async () => {
    const journal = openJournal({ maxBytes: 1_000, segmentBytes: 800 })
    const entry = await writeOne(journal, 'x'.repeat(1_000))
    expect([journal.isFull, journal.hasRoomFor(1)]).toEqual([true, true])
    const other = await writeOne(journal)
    entry.release()
    await waitUntil(() => !journal.isFull)
    other.release()
    await journal.close()
  })

  test('policy drop-body: bodies are given up first, rows at the cap', async () => {
    const journal = openJournal({ maxBytes: 1_000, fullPolicy: 'drop-body' })
    await writeOne(journal, 'x'.repeat(700))
    expect([journal.isFull, journal.hasRoomFor(100), journal.hasRoomFor(200)]).toEqual([false, true, false])
    await writeOne(journal, 'x'.repeat(150))
    expect([journal.isFull, journal.hasRoomFor(1)]).toEqual([false, false])
    await writeOne(journal, 'x'.repeat(100))
    expect(journal.isFull).toBe(true)
    await journal.close()
  })

  test('what waits to be written takes room already', async () => {
    const journal = openJournal({ maxBytes: 1_000, fullPolicy: 'drop-body' })
    const writing = writeOne(journal, 'x'.repeat(800))
    expect([journal.byteLength, journal.hasRoomFor(200)]).toEqual([0, false])
    await writing
    expect([journal.hasRoomFor(200), journal.hasRoomFor(20)]).toEqual([false, true])
    await journal.close()
  })

  test('what the disk refused takes no room', async () => {
    breakDisk('append', () => true)
    const journal = openJournal({ maxBytes: 1_000, fullPolicy: 'drop-body' })
    await writeOne(journal, 'x'.repeat(800))
    expect(journal.hasRoomFor(800)).toBe(true)
    await journal.close()
  })
})

describe('when the disk refuses', () => {
  test('an append resolves, the entry knows it is not whole, and the refusal is counted', async () => {
    breakDisk('append', () => true)
    const journal = openJournal()
    const entry = await writeOne(journal)
    expect(entry.isWhole).toBe(false)
    expect(journal.failures).toBe(1)
    await journal.close()
  })

  test('policy shed: full for a second, then somebody may try again', async () => {
    let isBroken = true
    breakDisk('append', () => isBroken)
    const journal = openJournal()
    await writeOne(journal)
    expect(journal.isFull).toBe(true)
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + 1_100)
    expect(journal.isFull).toBe(false)
    isBroken = false
    expect((await writeOne(journal)).isWhole).toBe(true)
    expect(journal.isFull).toBe(false)
    await journal.close()
  })

  test('policy drop-body: never full for that reason', async () => {
    breakDisk('append', () => true)
    const journal = openJournal({ fullPolicy: 'drop-body' })
    await writeOne(journal)
    expect(journal.isFull).toBe(false)
    await journal.close()
  })

  test('a failed sync is counted and the next frame goes to a new file', async () => {
    let isBroken = true
    breakDisk('sync', () => isBroken)
    const journal = openJournal()
    await writeOne(journal)
    await waitUntil(() => journal.failures > 0)
    isBroken = false
    await writeOne(journal)
    expect(await segments()).toHaveLength(2)
    await journal.close()
  })

  test('a segment whose sync failed is removed, too, when everything in it is recorded already', async () => {
    let isBroken = false
    breakDisk('sync', () => isBroken)
    const journal = openJournal()
    const entry = await writeOne(journal)
    isBroken = true
    entry.release()
    await journal.flush()
    expect([await segments(), journal.byteLength]).toEqual([[], 0])
    await journal.close()
  })

  test('a segment whose sync failed stays while a frame is on its way into it', async () => {
    breakDisk('sync', () => true)
    const journal = openJournal()
    const first = await writeOne(journal)
    const append = Segment.prototype.append
    let write = (): void => undefined
    vi.spyOn(Segment.prototype, 'append').mockImplementationOnce(async function (this: Segment, pieces) {
      await new Promise<void>((resolve) => (write = resolve))
      return append.call(this, pieces)
    })
    const writing = writeOne(journal, 'on its way')
    await waitUntil(() => journal.failures > 0)
    first.release()
    write()
    const { places } = await writing
    await journal.flush()
    expect([...readFrames(places)].map(({ payload }) => payload.toString())).toEqual(['on its way'])
    await journal.close()
  })

  test.each([1, 2, 3, 5, 8])('at write %i only, every other frame is kept and none is torn', async (failing) => {
    let count = 0
    breakDisk('append', () => ++count === failing)
    const journal = openJournal()
    const entries: JournalEntry[] = []
    for (let index = 0; index < 10; index += 1) entries.push(await writeOne(journal, `frame ${index}`))
    await journal.close()
    const found = await adoptExchanges(directory, openJournal())
    expect(found.map(({ requestId }) => requestId)).toEqual(
      entries.filter(({ isWhole }) => isWhole).map(({ requestId }) => requestId),
    )
    expect(found).toHaveLength(9)
  })
})

test('half a frame that a full disk left is overwritten by the next one', async () => {
  const journal = openJournal()
  await writeOne(journal, 'before')
  const [name = ''] = await segments()
  const file = path.join(directory, name)
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(7, 1)]))
  await writeOne(journal, 'after')
  await journal.close()
  expect(await adoptExchanges(directory, openJournal())).toHaveLength(2)
})
