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
  expect(textOf(await readBody(incoming(pieces('one', 'two', 'six'), declared), 1e9))).toBe('onetwosix')
})

test('a body of one piece is read whole', async () => {
  expect(textOf(await readBody(incoming(pieces('one')), 100))).toBe('one')
})

test('no body is an empty one', async () => {
  expect(textOf(await readBody(incoming(null), 100))).toBe('')
  expect(textOf(await readBody(incoming(pieces(), '4'), 100))).toBe('')
})

test('a body that is too long is refused as soon as it is', async () => {
  const come: string[] = []
  async function* long() {
    for (const text of ['abc', 'def', 'ghi']) {
      come.push(text)
      yield Buffer.from(text)
    }
  }
  expect(await readBody(incoming(long(), '3'), 5)).toEqual({ problem: 'too-large' })
  expect(come).toEqual(['abc', 'def'])
})

test('a body that breaks off is unreadable', async () => {
  async function* broken() {
    yield Buffer.from('abc')
    throw new Error('aborted')
  }
  expect(await readBody(incoming(broken(), '9'), 100)).toEqual({ problem: 'unreadable' })
})
