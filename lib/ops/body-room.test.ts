import { expect, test } from 'vitest'
import { BodyRoom, bodyRoomBytes } from './body-room'

const mebibyte = 1024 * 1024

/** Timers that fire when the test says so. */
function makeClock() {
  const waiting = new Set<() => void>()
  return {
    timer(_delayMs: number, fire: () => void) {
      waiting.add(fire)
      return { refresh: () => undefined, cancel: () => void waiting.delete(fire) }
    },
    fireAll: () => [...waiting].forEach((fire) => fire()),
    count: () => waiting.size,
  }
}

const clock = makeClock()
const present = new AbortController().signal

test('bodies share the memory until there is no more', async () => {
  const room = new BodyRoom(10, clock)
  const [one, other] = [room.open(present), room.open(present)]
  expect(await one.grow(4)).toBe(true)
  expect(await other.grow(6)).toBe(true)
  const late = room.open(present).grow(1)
  clock.fireAll()
  expect(await late).toBe(false)
})

test('who waits gets the room that another one gives back, and its timer ends', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.grow(10)
  const second = room.open(present).grow(8)
  expect(clock.count()).toBe(1)
  first.release()
  expect(await second).toBe(true)
  expect(clock.count()).toBe(0)
})

test('what was given back twice is not there twice', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.grow(10)
  first.release()
  first.release()
  expect(await room.open(present).grow(10)).toBe(true)
  const beyond = room.open(present).grow(10)
  clock.fireAll()
  expect(await beyond).toBe(false)
})

test('who waited in vain holds nothing', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.grow(5)
  const second = room.open(present)
  const waiting = second.grow(8)
  clock.fireAll()
  expect(await waiting).toBe(false)
  second.release()
  expect(await room.open(present).grow(5)).toBe(true)
})

test('a body that grows holds the sum, and gives back the sum', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  for (const bytes of [3, 3, 4]) expect(await first.grow(bytes)).toBe(true)
  expect(room.heldBytes).toBe(10)
  first.release()
  expect(room.heldBytes).toBe(0)
  expect(await room.open(present).grow(10)).toBe(true)
})

test('a small body goes past a large one that waits', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.grow(6)
  const large = room.open(present).grow(9)
  const small = room.open(present)
  expect(await small.grow(2)).toBe(true)
  small.release()
  first.release()
  expect(await large).toBe(true)
})

test('a client that leaves waits no longer', async () => {
  const room = new BodyRoom(10, clock)
  const first = room.open(present)
  await first.grow(10)
  const leaving = new AbortController()
  const waiting = room.open(leaving.signal).grow(10)
  leaving.abort()
  expect(await waiting).toBe(false)
  first.release()
  expect(await room.open(present).grow(10)).toBe(true)
})

test('the room is half of what the heap may take, and never less than one whole body', () => {
  expect(bodyRoomBytes(32 * mebibyte, 512 * mebibyte)).toBe(256 * mebibyte)
  expect(bodyRoomBytes(64 * mebibyte, 100 * mebibyte)).toBe(64 * mebibyte)
})
