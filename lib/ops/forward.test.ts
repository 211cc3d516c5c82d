import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { changeEnv } from '@/lib/testing/change-env'
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
