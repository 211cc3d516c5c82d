import { expect, test } from 'vitest'
import type { Incoming } from './ports'
import { readBody } from './read-body'

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

function incoming(body: AsyncIterable<Uint8Array> | null, declared?: string): Incoming {
  const headers = declared === undefined ? [] : [['Content-Length', declared] as const]
  return { method: 'POST', target: '/v1/messages', headers, body, signal: new AbortController().signal }
}

/** A share of so many bytes, which says what it was asked for. */
function shareOf(limit: number) {
  const asked: [what: 'reserve' | 'fill', bytes: number][] = []
  let filled = 0
  return {
    asked,
    release: () => undefined,
    reserve: async (bytes: number) => {
      asked.push(['reserve', bytes])
      return bytes <= limit
    },
    fill: async (bytes: number) => {
      asked.push(['fill', bytes])
      filled += bytes
      return filled <= limit
    },
  }
}
const enough = shareOf(Infinity)

const textOf = (read: Awaited<ReturnType<typeof readBody>>) =>
  'bytes' in read ? Buffer.from(read.bytes).toString() : read.problem

test.each([
  ['as long as declared', '9'],
  ['shorter than declared', '40'],
  ['longer than declared, which a host in between may cause', '5'],
  ['of a length that nobody declared', undefined],
  ['with a declared length that is no number', 'many'],
  ['with a declared length below zero', '-3'],
  ['too long to make room for it beforehand', String(20 * 1024 * 1024)],
])('a body %s is read whole', async (_name, declared) => {
  expect(textOf(await readBody(incoming(pieces('one', 'two', 'six'), declared), 1e9, enough))).toBe('onetwosix')
})

test('a body of one piece is read whole', async () => {
  expect(textOf(await readBody(incoming(pieces('one')), 100, enough))).toBe('one')
})

test('no body is an empty one', async () => {
  expect(textOf(await readBody(incoming(null), 100, enough))).toBe('')
  expect(textOf(await readBody(incoming(pieces(), '4'), 100, enough))).toBe('')
})

test('a body that is too long is refused as soon as it is', async () => {
  const come: string[] = []
  async function* long() {
    for (const text of ['abc', 'def', 'ghi']) {
      come.push(text)
      yield Buffer.from(text)
    }
  }
  expect(await readBody(incoming(long(), '3'), 5, enough)).toEqual({ problem: 'too-large' })
  expect(come).toEqual(['abc', 'def'])
})

test('a body that breaks off is unreadable', async () => {
  async function* broken() {
    yield Buffer.from('abc')
    throw new Error('aborted')
  }
  expect(await readBody(incoming(broken(), '9'), 100, enough)).toEqual({ problem: 'unreadable' })
})

test.each([
  ['before its first byte where its length is declared', '8', 8],
  ['piece by piece where no length is declared', undefined, 0],
])('memory for a body is asked for %s', async (_when, declared, reserved) => {
  const share = shareOf(9)
  expect(textOf(await readBody(incoming(pieces('one', 'three'), declared), 100, share))).toBe('onethree')
  expect(share.asked).toEqual([
    ['reserve', reserved],
    ['fill', 3],
    ['fill', 5],
  ])
})

test.each([
  ['at its beginning', '9'],
  ['in its middle', undefined],
])('a body that finds no room %s is read to its end, so that its client sees the answer', async (_name, declared) => {
  const come: string[] = []
  async function* watched() {
    for await (const piece of pieces('one', 'two', 'six')) {
      come.push(piece.toString())
      yield piece
    }
  }
  expect(await readBody(incoming(watched(), declared), 100, shareOf(5))).toEqual({ problem: 'no-room' })
  expect(come).toHaveLength(3)
})

test('a body without room that is too long is refused as soon as it is', async () => {
  expect(await readBody(incoming(pieces('one', 'two', 'six')), 5, shareOf(2))).toEqual({ problem: 'too-large' })
})
