import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readStreamEvents } from './stream-events'

const first = 'event: message_start\ndata: {"type":"message_start"}\n\n'
const second = 'event: ping\ndata: {"type":"ping"}\n\n'
const third = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
const bytes = Buffer.from(first + second + third)

test('an event counts as arrived with the piece that brought its last byte', () => {
  const arrivals = [
    { offsetMs: 100, byteLength: first.length - 5 },
    { offsetMs: 250, byteLength: 5 + second.length },
    { offsetMs: 900, byteLength: third.length },
  ]
  const { events, total, isBrokenOff } = readStreamEvents({ bytes, contentEncoding: null, arrivals })
  expect(events.map(({ type, offsetMs, byteOffset }) => [type, offsetMs, byteOffset])).toEqual([
    ['message_start', 250, 0],
    ['ping', 250, first.length],
    ['message_stop', 900, first.length + second.length],
  ])
  expect([total, isBrokenOff]).toEqual([3, false])
})

test('of a compressed stream the events are read, but nobody says when they came', () => {
  const packed = gzipSync(bytes)
  const arrivals = [{ offsetMs: 100, byteLength: packed.length }]
  const { events } = readStreamEvents({ bytes: packed, contentEncoding: 'gzip', arrivals })
  expect(events.map(({ type, offsetMs }) => [type, offsetMs])).toEqual([
    ['message_start', null],
    ['ping', null],
    ['message_stop', null],
  ])
})

test('a stream that broke off in an event shows what had come of it', () => {
  const cut = Buffer.from(`${first}event: content_block_delta\ndata: {"type":"content_bl`)
  const { events, isBrokenOff } = readStreamEvents({ bytes: cut, contentEncoding: null, arrivals: [] })
  expect(events.at(-1)).toMatchObject({ type: 'content_block_delta', data: '{"type":"content_bl', offsetMs: null })
  expect(isBrokenOff).toBe(true)
})
