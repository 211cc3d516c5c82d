import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { begin, ms, percentile, play, type Played } from './load'
import { expectRecorded, recordedWithin, withDatabase } from './recorded'
import { sized } from './size'
import { ToxicProxy } from './toxic-proxy'
import { growthDuring, startWorld, type World } from './world'
import { teamA } from '@/e2e/conformance/world'

/** Upstreams and clients that break off, drip, burst or fall silent. */
let world: World
const stallMs = 1_500
const megabyte = 1024 * 1024

beforeAll(async () => {
  world = await startWorld({ PROXY_SERVER_TIMEOUT: String(stallMs) })
})
afterEach(() => world.upstreamLine.reset())
afterAll(() => world.close())

interface Row {
  readonly outcome: string
  readonly response_bytes: string
  readonly output_tokens: string | null
  readonly cost_confidence: string
}

const rowOf = (requestId: string | null) =>
  waitUntil(
    () =>
      withDatabase(world.postgres.url(), async (client) => {
        const { rows } = await client.query<Row>(
          'SELECT outcome, response_bytes, output_tokens, cost_confidence FROM api_requests WHERE request_id = $1',
          [requestId],
        )
        return rows[0]
      }),
    { timeoutMs: recordedWithin(30_000), what: 'the record' },
  )

describe('an upstream that breaks off', () => {
  it.each([
    {
      name: 'B3',
      scenario: 'reset-before-headers',
      what: 'reset before the head',
      status: 502,
      outcome: 'upstream_error',
    },
    {
      name: 'B3',
      scenario: 'reset-after-headers',
      what: 'reset after the head',
      status: 200,
      outcome: 'upstream_error',
    },
    { name: 'B3', scenario: 'reset-mid-event', what: 'reset in an event', status: 200, outcome: 'upstream_error' },
    {
      name: 'B3',
      scenario: 'reset-between-events',
      what: 'reset between events',
      status: 200,
      outcome: 'upstream_error',
    },
    { name: 'B4', scenario: 'fin-mid-chunk', what: 'FIN in a chunk', status: 200, outcome: 'upstream_error' },
  ])('$name: $what is never taken for an end', async ({ name, scenario, what, status, outcome }) => {
    // Half of the calls break in the middle of others that must not feel it.
    const healthy = Promise.all(Array.from({ length: 5 }, () => play(world.app.url)))
    const pending = begin(world.app.url, scenario)
    const { status: given, header } = await pending.head
    const reply = await pending.read()
    expect(given).toBe(status)
    expect(reply.body.toString()).not.toContain('message_stop')
    if (status === 200) {
      expect(reply.isComplete).toBe(false)
      expect(reply.body.toString().includes('event: error')).toBe(!scenario.includes('-mid-'))
    }
    expect(await rowOf(header('x-nexus-request-id'))).toMatchObject({ outcome })
    expect((await healthy).filter((played) => played.status !== 200 || !played.isComplete)).toEqual([])
    noteFigure({ name, what, measured: `status ${given}, recorded ${outcome}, 5 others whole`, bar: 'no fake end' })
  })
})

it('B5: an upstream that drips byte by byte is relayed as it drips', async () => {
  world.upstreamLine.pieceBytes = 1
  world.upstreamLine.latencyMs = 1
  const startedAt = process.hrtime.bigint()
  const ticksBefore = cpuTicks()
  const played = await play(world.app.url, 'text?events=2')
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  world.upstreamLine.pieceBytes = Infinity
  world.upstreamLine.latencyMs = 0
  expect(played).toMatchObject({ status: 200, isComplete: true })
  const share = (cpuTicks() - ticksBefore) / 100 / seconds
  noteFigure({
    name: 'B5',
    what: 'an answer byte by byte, about 500 a second',
    measured: `whole after ${seconds.toFixed(1)} s, ${(share * 100).toFixed(1)} % of a core`,
    bar: 'survives',
  })
})

/** CPU time of the process in ticks of 10 ms: fields 14 and 15 of /proc/<pid>/stat. */
function cpuTicks(): number {
  const text = readFileSync(`/proc/${world.app.pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

it('B6: a burst for a client that has stopped reading waits at the upstream', async () => {
  const growth = await growthDuring(world.app.pid, async () => {
    const pending = begin(world.app.url, `burst?bytes=${250 * megabyte}`)
    const { incoming } = await pending.head
    incoming.pause()
    // The stall limit ends it.
    await waitUntil(() => world.fake.requests.at(-1)?.aborted, { timeoutMs: 30_000, what: 'the end of the burst' })
    pending.abort()
  })
  const sent = world.fake.requests.at(-1)?.response.bytes ?? 0
  noteFigure({
    name: 'B6',
    what: '250 MB for a client that reads nothing',
    measured: `memory +${growth.toFixed(0)} MB, upstream let go after ${(sent / megabyte).toFixed(1)} MB`,
    bar: '+32 MB',
  })
  expect(sent).toBeLessThan(100 * megabyte)
  expect(growth).toBeLessThan(150)
})

it('B7: an upstream that falls silent is given up, and its connection closed', async () => {
  const pending = begin(world.app.url, 'text?ms=20&events=10000')
  const { incoming, header } = await pending.head
  incoming.resume()
  world.upstreamLine.isSilent = true
  const startedAt = performance.now()
  const ended = await waitUntil(() => incoming.closed || incoming.destroyed || incoming.readableEnded, {
    timeoutMs: 30_000,
    what: 'the end of the silent stream',
  })
  const after = performance.now() - startedAt
  world.upstreamLine.isSilent = false
  expect(ended).toBe(true)
  expect(await rowOf(header('x-nexus-request-id'))).toMatchObject({ outcome: 'timeout' })
  noteFigure({
    name: 'B7',
    what: `an upstream that falls silent, limit ${stallMs} ms`,
    measured: `ended after ${ms(after)}, recorded timeout`,
    bar: 'at the limit',
  })
})

it('B8: a client that falls silent is cut, and the upstream with it', async () => {
  const line = await ToxicProxy.start(Number(new URL(world.app.url).port))
  const asked = world.fake.requests.length
  const growth = await growthDuring(world.app.pid, async () => {
    const pending = begin(`http://127.0.0.1:${line.port}`, `burst?bytes=${250 * megabyte}`)
    await pending.head
    line.isSilent = true
    await waitUntil(() => world.fake.requests[asked]?.aborted, { timeoutMs: 30_000, what: 'the upstream to be let go' })
    pending.abort()
  })
  await line.close()
  noteFigure({
    name: 'B8',
    what: 'a client that falls silent in a burst',
    measured: `upstream let go within the limit, memory +${growth.toFixed(0)} MB`,
    bar: 'bounded, 60 s',
  })
  expect(growth).toBeLessThan(150)
})

it.each([
  { what: 'one event of 10 MB', scenario: `one-line?bytes=${10 * megabyte}` },
  { what: 'a line of 50 MB that never ends', scenario: `one-line?open=1&bytes=${50 * megabyte}` },
])('A4: $what passes whole', async ({ what, scenario }) => {
  let played: Played | null = null
  const relaying = await growthDuring(world.app.pid, async () => {
    played = await play(world.app.url, scenario)
  })
  const { sha256 } = world.fake.requests.at(-1)?.response ?? {}
  expect(played).toMatchObject({ status: 200, isComplete: true, sha256 })
  const recording = await growthDuring(world.app.pid, () =>
    expectRecorded(world.postgres.url(), played ? [played] : []),
  )
  noteFigure({
    name: 'A4',
    what,
    measured: `bytes equal, memory +${relaying.toFixed(0)} MB, +${recording.toFixed(0)} MB more to record it`,
    bar: 'bytes equal, +32 MB, +100 MB',
  })
  expect(relaying).toBeLessThan(64)
  expect(recording).toBeLessThan(100)
})

describe('C1: a client that leaves', () => {
  const leavers = sized(20, 200)

  it('before its upload ends is forgotten', async () => {
    const before = world.fake.requests.length
    for (let index = 0; index < leavers; index += 1) {
      const socket = connect(Number(new URL(world.app.url).port), '127.0.0.1')
      socket.write(
        `POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: ${teamA.clientKey}\r\ncontent-length: 5000\r\n\r\n{"model":`,
      )
      await waitUntil(() => socket.bytesWritten > 0)
      socket.destroy()
    }
    expect(await play(world.app.url)).toMatchObject({ status: 200, isComplete: true })
    expect(world.fake.requests.length).toBe(before + 1)
    noteFigure({ name: 'C1', what: `${leavers} leave in their upload`, measured: '0 forwarded', bar: '0 forwarded' })
  })

  it.each([
    { phase: 'before the first byte', scenario: 'silent', isAnswered: false },
    { phase: 'in the stream', scenario: 'text?ms=20&events=10000', isAnswered: true },
  ])('$phase frees the upstream at once and is recorded', async ({ phase, scenario, isAnswered }) => {
    const gaps: number[] = []
    for (let index = 0; index < leavers; index += 1) {
      const count = world.fake.requests.length
      const pending = begin(world.app.url, scenario)
      pending.request.on('error', () => undefined)
      if (isAnswered) (await pending.head).incoming.on('error', () => undefined).resume()
      const exchange = await waitUntil(() => world.fake.requests[count], { what: 'the call', timeoutMs: 20_000 })
      const leftAt = Date.now()
      pending.abort()
      await waitUntil(() => exchange.abortedAt, { timeoutMs: 20_000, what: 'the upstream to be let go' })
      gaps.push((exchange.abortedAt ?? 0) - leftAt)
    }
    const recorded = await waitUntil(
      () =>
        withDatabase(world.postgres.url(), async (client) => {
          const { rows } = await client.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM api_requests WHERE outcome = 'client_aborted' AND status IS ${isAnswered ? 'NOT NULL' : 'NULL'}`,
          )
          return (rows[0]?.count ?? 0) >= leavers && rows[0]?.count
        }),
      { timeoutMs: recordedWithin(30_000), what: 'the records of those who left' },
    )
    expect(recorded).toBe(leavers)
    noteFigure({
      name: 'C1',
      what: `${leavers} leave ${phase}`,
      measured: `upstream let go p99 ${ms(percentile(gaps, 0.99))}, ${recorded} recorded client_aborted`,
      bar: '250 ms',
    })
  })
})
