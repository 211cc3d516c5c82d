import { connect } from 'node:net'
import { beforeEach, expect, test } from 'vitest'
import { anAccount, listen, listenProxy, memoryWorld } from '@/lib/testing/memory-ports'
import { waitUntil } from '@/lib/testing/wait-until'
import { BodyRoom, bodyRoomBytes } from './body-room'

const mebibyte = 1024 * 1024

/** Timers that fire when the test says so. */
function makeClock() {
  const waiting = new Set<{ delayMs: number; fire: () => void }>()
  return {
    timer(delayMs: number, fire: () => void) {
      const timer = { delayMs, fire }
      waiting.add(timer)
      return { refresh: () => undefined, cancel: () => void waiting.delete(timer) }
    },
    /** So much time passes at once. */
    pass(ms: number) {
      for (const timer of [...waiting].filter(({ delayMs }) => delayMs <= ms)) {
        waiting.delete(timer)
        timer.fire()
      }
    },
    count: () => waiting.size,
  }
}

let clock: ReturnType<typeof makeClock>
beforeEach(() => {
  clock = makeClock()
})
const [paceMs, patienceMs] = [5_000, 20_000]
const present = new AbortController().signal

test('bodies share the memory until there is no more', async () => {
  const room = new BodyRoom(10, clock)
  const [one, other] = [room.open(present), room.open(present)]
  expect(await one.fill(4)).toBe(true)
  expect(await other.fill(6)).toBe(true)
  const late = room.open(present).reserve(1)
  clock.pass(patienceMs)
  expect(await late).toBe(false)
})

test('who waits gets the room that another one gives back, and its timer ends', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.reserve(10)
  const second = room.open(present).reserve(8)
  first.release()
  expect(await second).toBe(true)
  clock.pass(patienceMs)
  expect(clock.count()).toBe(0)
})

test('what was given back twice is not there twice', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.fill(10)
  first.release()
  first.release()
  expect(await room.open(present).fill(10)).toBe(true)
  const beyond = room.open(present).reserve(10)
  clock.pass(patienceMs)
  expect(await beyond).toBe(false)
})

test('who waited in vain holds nothing', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.fill(5)
  const second = room.open(present)
  const waiting = second.reserve(8)
  clock.pass(patienceMs)
  expect(await waiting).toBe(false)
  second.release()
  expect(await room.open(present).reserve(5)).toBe(true)
})

test('a body that grows holds the sum, and gives back the sum', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  for (const bytes of [3, 3, 4]) expect(await first.fill(bytes)).toBe(true)
  expect(room.heldBytes).toBe(10)
  first.release()
  expect(room.heldBytes).toBe(0)
  expect(await room.open(present).reserve(10)).toBe(true)
})

test('a small body goes past a large one that waits', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.reserve(6)
  const large = room.open(present).reserve(9)
  const small = room.open(present)
  expect(await small.reserve(2)).toBe(true)
  small.release()
  first.release()
  expect(await large).toBe(true)
})

test('a client that leaves waits no longer', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.reserve(10)
  const leaving = new AbortController()
  const waiting = room.open(leaving.signal).reserve(10)
  leaving.abort()
  expect(await waiting).toBe(false)
  first.release()
  expect(await room.open(present).reserve(10)).toBe(true)
})

test('room that was announced and not used is there for others after a while', async () => {
  const room = new BodyRoom(10, clock)
  const slow = room.open(present)
  await slow.reserve(10)
  await slow.fill(2)
  const other = room.open(present).reserve(8)
  clock.pass(paceMs)
  expect(await other).toBe(true)
  expect(room.heldBytes).toBe(10)
})

test('who keeps the pace keeps the room that was announced', async () => {
  const room = new BodyRoom(10 * mebibyte, clock)
  const steady = room.open(present)
  await steady.reserve(10 * mebibyte)
  for (let count = 0; count < 3; count += 1) {
    await steady.fill(mebibyte)
    clock.pass(paceMs)
  }
  expect(room.heldBytes).toBe(10 * mebibyte)
  clock.pass(paceMs)
  expect(room.heldBytes).toBe(3 * mebibyte)
})

test('who sends slower than that takes room as the bytes come, and loses all of it where there is none', async () => {
  const room = new BodyRoom(10, clock)
  const slow = room.open(present)
  await slow.reserve(10)
  await slow.fill(2)
  clock.pass(paceMs)
  expect(await slow.fill(3)).toBe(true)
  expect(room.heldBytes).toBe(5)
  await room.open(present).fill(5)
  const last = slow.fill(2)
  clock.pass(patienceMs)
  expect(await last).toBe(false)
  expect(room.heldBytes).toBe(5)
})

test('a client that announces all the room and sends slowly keeps nobody from being served', async () => {
  await using upstream = await listen((_message, response) => void response.end('{}'))
  const room = new BodyRoom(1_000, clock)
  const ports = { openBodyShare: (signal: AbortSignal) => room.open(signal) }
  await using proxy = await listenProxy(memoryWorld({ accounts: [anAccount(upstream.url)], ports }))
  const slow = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  slow.write('POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: cnp_test_right\r\ncontent-length: 1000\r\n\r\nhalf')
  await waitUntil(() => room.heldBytes === 1_000, { what: 'the room to be taken' })
  const headers = { 'x-api-key': 'cnp_test_right' }
  const response = fetch(`${proxy.url}/v1/messages`, { method: 'POST', body: 'x'.repeat(900), headers })
  await waitUntil(() => clock.count() === 2, { what: 'the other one to wait for room' })
  clock.pass(paceMs)
  expect((await response).status).toBe(200)
  slow.destroy()
})

test('the room is a quarter of what the heap may take, and never less than one whole body', () => {
  expect(bodyRoomBytes(32 * mebibyte, 512 * mebibyte)).toBe(128 * mebibyte)
  expect(bodyRoomBytes(64 * mebibyte, 100 * mebibyte)).toBe(64 * mebibyte)
})
