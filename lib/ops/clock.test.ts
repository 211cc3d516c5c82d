import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clock } from './clock'
import { forward } from './forward'

let server: Server
let sent = 0
const noteSent = () => (sent += 1)

beforeEach(async () => {
  server = createServer((message, response) => message.resume().on('end', () => response.end('fine'))).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  subscribe('undici:request:bodySent', noteSent)
})

afterEach(() => {
  unsubscribe('undici:request:bodySent', noteSent)
  server.closeAllConnections()
  server.close()
})

function ask() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/messages`
  return forward({ method: 'POST', url, headers: [], body: Buffer.from('{}') })
}

test('a turn after it was forwarded, a request is with its kept connection', async () => {
  const first = await ask().answer
  for await (const piece of first.body) expect(String(piece)).toBe('fine')
  // Its connection is free for the next one.
  await clock.turn()
  sent = 0
  const second = ask()
  expect(sent).toBe(0)
  await clock.turn()
  expect(sent).toBe(1)
  for await (const piece of (await second.answer).body) expect(String(piece)).toBe('fine')
})
