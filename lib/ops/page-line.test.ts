import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makePageLine } from './page-line'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A line, the pages that are being made, and how to end them. */
function makeStage() {
  const serveInLine = makePageLine()
  const started: string[] = []
  const enders = new Map<string, (error?: Error) => void>()
  const ask = (url: string, { method = 'GET', hasLeft = false } = {}) =>
    serveInLine({ url, method } as IncomingMessage, { destroyed: hasLeft } as ServerResponse, () => {
      started.push(url)
      return new Promise((resolve, reject) => enders.set(url, (error) => (error ? reject(error) : resolve())))
    })
  return { ask, started, end: (url: string, error?: Error) => enders.get(url)?.(error) }
}

/** Lets everything that is ready happen. */
const settle = () => vi.advanceTimersByTimeAsync(0)

test('two pages are made at a time, and the next begins when one of them ends', async () => {
  const { ask, started, end } = makeStage()
  for (const url of ['/1', '/2', '/3', '/4']) void ask(url)
  await settle()
  expect(started).toEqual(['/1', '/2'])
  end('/2')
  await settle()
  expect(started).toEqual(['/1', '/2', '/3'])
})

test('a page that takes long gives up its place and is served all the same', async () => {
  const { ask, started, end } = makeStage()
  const first = ask('/1')
  for (const url of ['/2', '/3']) void ask(url)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(started).toContain('/3')
  end('/1')
  await expect(first).resolves.toBeUndefined()
})

test('a page that fails tells its caller, and gives its place to the next', async () => {
  const { ask, started, end } = makeStage()
  const first = ask('/1')
  for (const url of ['/2', '/3']) void ask(url)
  await settle()
  end('/1', new Error('planted'))
  await expect(first).rejects.toThrow('planted')
  await settle()
  expect(started).toContain('/3')
})

test('who left while it waited is not served', async () => {
  const { ask, started, end } = makeStage()
  for (const url of ['/1', '/2']) void ask(url)
  const gone = ask('/3', { hasLeft: true })
  void ask('/4')
  await settle()
  end('/1')
  await gone
  await settle()
  expect(started).toEqual(['/1', '/2', '/4'])
})

test.each([
  '/health/ready',
  '/api/hello',
  '/api/event_logging/batch',
  '/api/events?limit=5',
  '/api/auth/csrf',
  '/_next/static/a.js',
])('%s waits for no page', async (url) => {
  const { ask, started } = makeStage()
  for (const page of ['/1', '/2', '/3']) void ask(page)
  void ask(url)
  await settle()
  expect(started).toContain(url)
})

test.each([
  ['HEAD', '/'],
  ['POST', '/api/login'],
])('%s %s waits for no page, and no page for it', async (method, url) => {
  const { ask, started } = makeStage()
  for (const other of [1, 2, 3]) void ask(`${url}?${other}`, { method })
  for (const page of ['/1', '/2']) void ask(page)
  void ask(url, { method })
  await settle()
  expect(started).toEqual(expect.arrayContaining(['/1', '/2', url]))
})
