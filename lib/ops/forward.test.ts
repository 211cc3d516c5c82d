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
  forward({ method: 'GET', url: `${origin}/v1/models`, headers: [], body: new Uint8Array() })

test('a call to the base URL of an account never reaches a private address', async () => {
  const inside = await insideServer()
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: 'https://api.anthropic.com' }))
  await expect(ask(inside).answer).rejects.toMatchObject({ code: 'EUPSTREAMREFUSED' })
})

test("a call to the operator's own base URL may", async () => {
  const inside = await insideServer()
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: inside }))
  const call = ask(inside)
  expect((await call.answer).status).toBe(200)
  call.abort()
})

test('the body of a call is not kept in memory while its answer goes on', async () => {
  await using upstream = await listen((message, response) => {
    message.resume().once('end', () => response.write('the beginning of a long answer'))
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const send = async () => {
    const body = new Uint8Array(1024 * 1024)
    const url = `${upstream.url}/v1/messages`
    const call = forward({ method: 'POST', url, headers: [], body })
    await call.answer
    return { call, kept: new WeakRef(body.buffer) }
  }
  const { call, kept } = await send()
  const isGone = () => {
    collectGarbage()
    return kept.deref() === undefined
  }
  await waitUntil(isGone, { timeoutMs: 20_000, what: 'the body to be let go' })
  call.abort()
})

test('the upstream is told the length of a body', async () => {
  const lengths: unknown[] = []
  await using upstream = await listen((message, response) => {
    lengths.push(message.headers['content-length'], message.headers['transfer-encoding'])
    message.resume().once('end', () => response.end())
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const url = `${upstream.url}/v1/messages`
  const call = forward({ method: 'POST', url, headers: [], body: new Uint8Array(1234) })
  await call.answer
  call.abort()
  expect(lengths).toEqual(['1234', undefined])
})

/** What is left to read, as text; the error that ends it, where one does. */
async function rest(body: AsyncIterable<Uint8Array>): Promise<{ text: string; error: unknown }> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of body) pieces.push(piece)
  } catch (error) {
    return { text: Buffer.concat(pieces).toString(), error }
  }
  return { text: Buffer.concat(pieces).toString(), error: null }
}

const get = (url: string) => forward({ method: 'GET', url: `${url}/v1/models`, headers: [], body: new Uint8Array() })

test('a base URL that is none is a call without an answer, and throws at nobody', async () => {
  const call = forward({ method: 'GET', url: 'nonsense/v1/models', headers: [], body: new Uint8Array() })
  await expect(call.answer).rejects.toThrow('Invalid URL')
})

test('an interim answer is passed over', async () => {
  await using upstream = await listen((_message, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.end('the answer')
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const { status, body } = await get(upstream.url).answer
  expect([status, (await rest(body)).text]).toEqual([200, 'the answer'])
})

test('what arrived before the upstream was lost is handed out before the loss', async () => {
  let breakOff = () => {}
  await using upstream = await listen((_message, response) => {
    response.write('as far as it came')
    breakOff = () => response.destroy()
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const { body } = await get(upstream.url).answer
  breakOff()
  // The loss of the first is seen before a second call has its answer.
  const second = get(upstream.url)
  await second.answer
  second.abort()
  expect(await rest(body)).toMatchObject({ text: 'as far as it came', error: { code: 'UND_ERR_SOCKET' } })
})

test('an upstream waits for a reader that does not read', async () => {
  const total = 64 * 1024 * 1024
  let [written, wroteAt] = [0, 0]
  await using upstream = await listen((_message, response) => {
    const piece = Buffer.alloc(1024 * 1024)
    const more = () => {
      while (written < total) {
        written += piece.length
        wroteAt = performance.now()
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const { body } = await get(upstream.url).answer
  await waitUntil(() => performance.now() - wroteAt > 300, { timeoutMs: 20_000, what: 'the upstream to stop' })
  expect(written).toBeLessThan(total / 2)
  expect((await rest(body)).text.length).toBe(total)
})

test('a call that is given up rejects at once, and the upstream sees it go', async () => {
  let isGone = false
  await using upstream = await listen((_message, response) => void response.once('close', () => (isGone = true)))
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const call = get(upstream.url)
  await once(upstream.server, 'request')
  call.abort()
  await expect(call.answer).rejects.toThrow('given up')
  await waitUntil(() => isGone, { timeoutMs: 20_000, what: 'the upstream to see it' })
})

test('a call that is given up while nothing is connected yet never reaches the upstream', async () => {
  let calls = 0
  await using upstream = await listen((_message, response) => {
    calls += 1
    response.end()
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const call = get(upstream.url)
  call.abort()
  await expect(call.answer).rejects.toThrow('given up')
  const after = await get(upstream.url).answer
  await rest(after.body)
  expect(calls).toBe(1)
})

test('a reader that leaves frees the connection', async () => {
  let isGone = false
  await using upstream = await listen((_message, response) => {
    response.once('close', () => (isGone = true))
    response.write('one')
  })
  restores.push(changeEnv({ CLAUDE_API_BASE_URL: upstream.url }))
  const { body } = await get(upstream.url).answer
  for await (const piece of body) {
    expect(Buffer.from(piece).toString()).toBe('one')
    break
  }
  await waitUntil(() => isGone, { timeoutMs: 20_000, what: 'the upstream to see it' })
})
