import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { createParser } from 'eventsource-parser'
import { expect, test } from 'vitest'
import { createSseReader, type SseEvent } from './sse'

const fixtures = new URL('./fixtures/', import.meta.url)
const fixtureNames = readdirSync(fixtures).filter((name) => name.endsWith('.sse'))

test.each(fixtureNames)('%s gives the same events wherever it is cut in two', (name) => {
  const bytes = readFileSync(new URL(name, fixtures))
  const whole = read([bytes])
  expect(whole.events.length).toBeGreaterThan(1)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole)
  }
})

test.each(fixtureNames)('%s gives the same events byte by byte', (name) => {
  const bytes = readFileSync(new URL(name, fixtures))
  expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(read([bytes]))
})

test.each(fixtureNames)('%s gives the events that eventsource-parser finds', (name) => {
  const bytes = readFileSync(new URL(name, fixtures))
  expect(withoutPlaces(read([bytes]).events)).toEqual(referenceEvents(bytes))
})

test('any stream of fields and line ends gives the events that eventsource-parser finds, however it is cut', () => {
  fc.assert(
    fc.property(stream, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (text, sizes) => {
      const bytes = Buffer.from(text)
      const whole = read([bytes])
      expect(withoutPlaces(whole.events)).toEqual(referenceEvents(bytes))
      expect(read(cutInto(bytes, sizes))).toEqual(whole)
    }),
    { numRuns: 1500 },
  )
})

test('any bytes at all give the same events however they are cut', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(bytes, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (noise, sizes) => {
      expect(read(cutInto(noise, sizes), 40)).toEqual(read([noise], 40))
    }),
    { numRuns: 500 },
  )
})

test('an event knows where it stands in the stream', () => {
  const text = ': hello\n\nevent: a\ndata: é\n\n\n\ndata: b\n\n'
  const { events } = read([Buffer.from(text)])
  const pieces = events.map(({ offset, byteLength }) =>
    Buffer.from(text)
      .subarray(offset, offset + byteLength)
      .toString(),
  )
  expect(pieces).toEqual(['event: a\ndata: é\n\n', 'data: b\n\n'])
})

test('a byte order mark, comments, ids and retry times are no part of any event', () => {
  const { events } = read([Buffer.from('\uFEFFdata: a\n: note\nid: 7\nretry: 10\n\n')])
  expect(withoutPlaces(events)).toEqual([{ name: null, data: 'a' }])
})

test('an event without its blank line is not dispatched but reported at the end', () => {
  const { events, remainder } = read([Buffer.from('data: a\n\nevent: b\ndata: c\ndata: d')])
  expect(withoutPlaces(events)).toEqual([{ name: null, data: 'a' }])
  expect(remainder).toEqual({ name: 'b', data: 'c\nd', offset: 9, byteLength: 24 })
})

test('an event beyond the limit is left out, its neighbours are not', () => {
  const huge = `event: huge\ndata: ${'x'.repeat(10_000_000)}\n\n`
  const { events } = read([Buffer.from(`data: before\n\n${huge}data: after\n\n`)])
  expect(events.map(({ data }) => data)).toEqual(['before', 'after'])
})

test('many short lines of one event count together towards the limit', () => {
  const { events } = read([Buffer.from(`${'data: x\n'.repeat(100)}\ndata: after\n\n`)], 500)
  expect(events.map(({ data }) => data)).toEqual(['after'])
})

test('a large event within the limit arrives whole', () => {
  const data = 'é'.repeat(2_000_000)
  const { events } = read(cutInto(Buffer.from(`data: ${data}\n\n`), repeat(65_536)), 5_000_000)
  expect(events[0]?.data === data).toBe(true)
})

test('a line of 50 MB that never ends is not kept in memory', () => {
  const chunk = Buffer.alloc(65_536, 'x')
  const reader = createSseReader({ onEvent: () => expect.unreachable() })
  const before = process.memoryUsage().arrayBuffers
  let peak = 0
  reader.push(Buffer.from('data: '))
  for (let sent = 0; sent < 50_000_000; sent += chunk.length) {
    reader.push(chunk)
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
  }
  expect(reader.end()).toEqual({ remainder: null })
  expect(peak).toBeLessThan(8 * 1024 * 1024)
})

const stream = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\n\r\n', '\r\r') },
      fc.constantFrom('data: a', 'data:b', 'data:', 'data', 'data: {"x":1}', 'data:  two', 'data: é漢👩‍👩‍👧‍👦'),
      fc.constantFrom(
        'event: ping',
        'event:x',
        'event: ',
        'event',
        'id: 1',
        'id',
        'retry: 10',
        'retry: x',
        ': hi',
        ':',
      ),
      fc.constantFrom('dat: no', 'events: no', 'data : no', '\uFEFF', ' data: no', 'Data: no'),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''))

function read(chunks: Iterable<Uint8Array>, maxEventBytes?: number) {
  const events: SseEvent[] = []
  const reader = createSseReader({ onEvent: (event) => events.push(event), maxEventBytes })
  for (const chunk of chunks) reader.push(chunk)
  return { events, ...reader.end() }
}

function* cutInto(bytes: Uint8Array, sizes: Iterable<number>): Generator<Uint8Array> {
  let start = 0
  for (const size of sizes) {
    if (start >= bytes.length) return
    yield bytes.subarray(start, start + size)
    start += size
  }
}

function* repeat(size: number): Generator<number> {
  for (;;) yield size
}

function withoutPlaces(events: readonly SseEvent[]) {
  return events.map(({ name, data }) => ({ name, data }))
}

function referenceEvents(bytes: Uint8Array) {
  const events: { name: string | null; data: string }[] = []
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ name: event || null, data }) })
  parser.feed(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return events
}
