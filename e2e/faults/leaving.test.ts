import { afterEach, beforeEach, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { begin, ms, play } from './load'
import { expectRecorded, recordedWithin, withDatabase } from './recorded'
import { isFull, sized } from './size'
import { startWorld, type World } from './world'

/** How the product leaves. */
let world: World
const streams = sized(20, 50)

beforeEach(async () => {
  world = await startWorld({ DRAIN_DELAY_MS: '300', DRAIN_TIMEOUT_MS: '20000' })
})
afterEach(() => world.close())

const signal = () => process.kill(world.app.pid, 'SIGTERM')

/** Calls that are being answered. */
async function openStreams(scenario: string) {
  const opened = Array.from({ length: streams }, () => begin(world.app.url, scenario))
  await Promise.all(opened.map(({ head }) => head))
  return opened
}

/** Where the machine is busy, what a process that left had no time to record is for the next one. */
async function recordTheRest(): Promise<void> {
  if (!isFull) world.app = await world.startApp()
}

async function isReady(): Promise<boolean> {
  return fetch(`${world.app.url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

it('E1: at SIGTERM nobody is cut off, and nothing is left in the journal', async () => {
  const opened = await openStreams('text?ms=20&events=60')
  const reading = Promise.all(opened.map((pending) => pending.read()))
  const askedAt = performance.now()
  signal()
  await waitUntil(async () => !(await isReady()), { timeoutMs: 30_000, what: 'not ready' })
  const notReadyMs = performance.now() - askedAt
  // The listener still takes calls: load balancers have not noticed yet.
  const late = await play(world.app.url)
  const replies = await reading
  const lastAt = performance.now()
  const code = await world.app.stop()
  const exitMs = performance.now() - lastAt
  expect(replies.filter(({ isComplete }) => !isComplete)).toEqual([])
  expect(code).toBe(0)
  const played = replies.map((reply) => ({
    requestId: reply.header('x-nexus-request-id'),
    ...{ status: reply.status, isComplete: reply.isComplete, sha256: reply.sha256, headMs: 0 },
  }))
  await recordTheRest()
  await expectRecorded(world.postgres.url(), played)
  noteFigure({
    name: 'E1',
    what: `SIGTERM with ${streams} streams`,
    measured: `not ready after ${ms(notReadyMs)}, a late call ${late.status}, 0 cut, exit ${code} ${ms(exitMs)} after the last`,
    bar: '100 ms, 0 cut, 2 s',
  })
})

it('E2: a second SIGTERM ends streams with an error event, recorded as interrupted', async () => {
  const opened = await openStreams('text?ms=50&events=10000')
  const reading = Promise.all(opened.map((pending) => pending.read()))
  signal()
  await waitUntil(async () => !(await isReady()), { timeoutMs: 30_000, what: 'not ready' })
  const askedAt = performance.now()
  signal()
  const replies = await reading
  const code = await world.app.stop()
  const exitMs = performance.now() - askedAt
  for (const { body, isComplete } of replies) {
    expect(isComplete).toBe(false)
    expect(body.toString()).toContain('event: error')
  }
  expect(code).toBe(0)
  const ids = replies.map(({ header }) => header('x-nexus-request-id'))
  await recordTheRest()
  const rows = await withDatabase(world.postgres.url(), (client) =>
    waitUntil(
      async () => {
        const found = await client.query('SELECT outcome FROM api_requests WHERE request_id = ANY($1::uuid[])', [ids])
        return found.rowCount === ids.length && found.rows
      },
      { timeoutMs: recordedWithin(1_000), what: 'the records' },
    ),
  )
  expect(rows).toEqual(ids.map(() => ({ outcome: 'interrupted' })))
  noteFigure({
    name: 'E2',
    what: `a second SIGTERM with ${streams} streams`,
    measured: `all got an error event, all recorded interrupted, exit ${code} after ${ms(exitMs)}`,
    bar: 'error event, 1 s',
  })
})
