import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aRecordedRow } from '@/lib/testing/recorded-row'
import { openEventStream, type EventStream } from './event-stream'
import { publishRecorded } from './live-events'

let stream: EventStream
let isAllowed = true
const text = new TextDecoder()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  isAllowed = true
  stream = openEventStream({
    sees: ({ domain }) => domain !== 'hidden.example.com',
    mayContinue: async () => isAllowed,
  })
})
afterEach(() => {
  stream.end()
  vi.useRealTimers()
})

interface Heard {
  readonly event: string
  readonly data: Record<string, unknown>
}

async function hear(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Heard | null> {
  const { value, done } = await reader.read()
  if (done) return null
  const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(text.decode(value)) ?? []
  return { event, data: JSON.parse(data) as Record<string, unknown> }
}

test('a stream says at once that it is open', async () => {
  expect((await hear(stream.body.getReader()))?.event).toBe('heartbeat')
})

test('what is recorded within a fifth of a second arrives as one event, with its usage', async () => {
  const reader = stream.body.getReader()
  await hear(reader)
  publishRecorded([aRecordedRow({ inputTokens: 1 })])
  publishRecorded([aRecordedRow({ inputTokens: 2, costMicroUsd: 3_000n })])
  vi.advanceTimersByTime(200)
  const request = await hear(reader)
  expect(request?.event).toBe('request')
  expect(request?.data.requests).toHaveLength(2)
  expect(await hear(reader)).toEqual({
    event: 'usage',
    data: expect.objectContaining({ requests: 2, inputTokens: 3 }) as unknown,
  })
})

test('silence is filled with heartbeats', async () => {
  const reader = stream.body.getReader()
  await hear(reader)
  const next = hear(reader)
  vi.advanceTimersByTime(15_000)
  expect((await next)?.event).toBe('heartbeat')
})

test('a reader that fell behind is told how many requests it missed', async () => {
  const reader = stream.body.getReader()
  await hear(reader)
  publishRecorded(Array.from({ length: 250 }, () => aRecordedRow()))
  vi.advanceTimersByTime(200)
  expect((await hear(reader))?.data).toMatchObject({ missed: 50 })
})

test('a reader that reads nothing does not make the queue grow', async () => {
  for (let round = 0; round < 100; round++) {
    publishRecorded([aRecordedRow()])
    vi.advanceTimersByTime(200)
  }
  const reader = stream.body.getReader()
  await hear(reader)
  vi.advanceTimersByTime(200)
  expect((await hear(reader))?.data.requests).toHaveLength(100)
})

test('the stream ends when its session has ended', async () => {
  const reader = stream.body.getReader()
  await hear(reader)
  isAllowed = false
  vi.advanceTimersByTime(5_000)
  expect(await hear(reader)).toBeNull()
})

test('the stream ends when the process drains', async () => {
  const reader = stream.body.getReader()
  await hear(reader)
  stream.end()
  expect(await hear(reader)).toBeNull()
})
