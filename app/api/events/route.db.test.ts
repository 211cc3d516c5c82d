import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import { endLiveTails } from '@/lib/ops/live-tails'
import { prisma } from '@/lib/prisma'
import { publishRecorded } from '@/lib/requests/live-events'
import { signIn } from '@/lib/testing/call-route'
import { aRecordedRow } from '@/lib/testing/recorded-row'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { GET } from './route'

let database: TestDatabase
let cookie: string

beforeAll(async () => {
  database = await createTestDatabase()
  cookie = await signIn('viewer')
})
afterAll(() => database.drop())

const open = (headers: Record<string, string>, signal?: AbortSignal) =>
  GET(new Request('http://localhost/api/events', { headers, signal }), { params: Promise.resolve({}) })

const readerOf = (response: Response) =>
  (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()

/** Reads until a text was heard, or to the end. */
async function hear(reader: ReadableStreamDefaultReader<string>, wanted: string): Promise<string> {
  let heard = ''
  while (!heard.includes(wanted)) {
    const { value, done } = await reader.read()
    if (done) break
    heard += value
  }
  return heard
}

test('a recorded request reaches an open page', async () => {
  const response = await open({ cookie })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const row = aRecordedRow()
  publishRecorded([row])
  expect(await hear(readerOf(response), row.requestId)).toContain('event: request')
})

test('a member hears of no stranger that named one of their domains as its host', async () => {
  await prisma().domain.create({ data: { id: newId(), name: 'open.example.com', bodyReaders: 'all' } })
  const reader = readerOf(await open({ cookie: await signIn('member') }))
  const [stranger, own] = [{ domainId: null }, { domainId: newId() }].map((row) =>
    aRecordedRow({ domain: 'open.example.com', ...row }),
  )
  publishRecorded([stranger!, own!])
  const heard = await hear(reader, own!.requestId)
  expect(heard).toContain(own!.requestId)
  expect(heard).not.toContain(stranger!.requestId)
})

test('a drain ends every open stream', async () => {
  const reader = readerOf(await open({ cookie }))
  endLiveTails()
  expect(await hear(reader, 'event: never')).not.toContain('event: request')
})

test('a closed page is forgotten', async () => {
  const leaving = new AbortController()
  const reader = readerOf(await open({ cookie }, leaving.signal))
  leaving.abort()
  publishRecorded([aRecordedRow()])
  expect(await hear(reader, 'event: never')).not.toContain('event: request')
})

test('nobody hears events without a login', async () => {
  expect((await open({})).status).toBe(401)
})
