import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { changeEnv } from '@/lib/testing/change-env'
import { listen } from '@/lib/testing/memory-ports'
import { waitUntil } from '@/lib/testing/wait-until'
import { forward } from './forward'

const restores: (() => void)[] = []
afterEach(() => restores.splice(0).forEach((restore) => restore()))

async function insideServer(): Promise<string> {
  const server = http.createServer((_incoming, response) => response.end('inside')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  restores.push(() => {
    server.closeAllConnections()
    server.close()
  })
  // A name, as an account's base URL has one: what it means is looked up at the connection.
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

const ask = (origin: string) =>
  forward({
    method: 'GET',
    url: `${origin}/v1/models`,
    headers: [],
    body: new Uint8Array(),
    signal: new AbortController().signal,
  })

test('a call to the base URL of an account never reaches a private address', async () => {
  const inside = await insideServer()
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: 'https://api.anthropic.com' }))
  await expect(ask(inside)).rejects.toMatchObject({ code: 'EUPSTREAMREFUSED' })
})

test("a call to the operator's own base URL may", async () => {
  const inside = await insideServer()
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: inside }))
  const answer = await ask(inside)
  answer.discard()
  expect(answer.status).toBe(200)
})

test('the body of a call is not kept in memory while its answer goes on', async () => {
  await using upstream = await listen((message, response) => {
    message.resume().once('end', () => response.write('the beginning of a long answer'))
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const control = new AbortController()
  const send = async () => {
    const body = new Uint8Array(1024 * 1024)
    const url = `${upstream.url}/v1/messages`
    const answer = await forward({ method: 'POST', url, headers: [], body, signal: control.signal })
    return { answer, kept: new WeakRef(body.buffer) }
  }
  const { answer, kept } = await send()
  const isGone = () => {
    collectGarbage()
    return kept.deref() === undefined
  }
  await waitUntil(isGone, { timeoutMs: 20_000, what: 'the body to be let go' })
  answer.discard()
})

test('the upstream is told the length of a body', async () => {
  const lengths: unknown[] = []
  await using upstream = await listen((message, response) => {
    lengths.push(message.headers['content-length'], message.headers['transfer-encoding'])
    message.resume().once('end', () => response.end())
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const signal = new AbortController().signal
  const url = `${upstream.url}/v1/messages`
  const answer = await forward({ method: 'POST', url, headers: [], body: new Uint8Array(1234), signal })
  answer.discard()
  expect(lengths).toEqual(['1234', undefined])
})
