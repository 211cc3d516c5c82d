import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { guardSilence } from './silent-clients'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

/** A client of a server that cuts silent connections after `afterMs`, and what it has received. */
async function connectTo(answer: (message: IncomingMessage, response: ServerResponse) => void, afterMs = 100) {
  const server = createServer(answer)
  guardSilence(server, afterMs)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  closers.push(() => (socket.destroy(), server.closeAllConnections(), server.close()))
  let received = ''
  socket.on('data', (bytes) => (received += String(bytes))).on('error', () => undefined)
  await once(socket, 'connect')
  return { socket, received: () => received, isCut: () => socket.destroyed || socket.readableEnded }
}

const readWhole = (message: IncomingMessage, response: ServerResponse) => {
  message.resume().once('end', () => response.end('read'))
}

describe('a connection is cut', () => {
  test('when nothing comes on it', async () => {
    const client = await connectTo(readWhole)
    await waitUntil(client.isCut, { what: 'the cut' })
    expect(client.received()).toBe('')
  })

  test('when its body stops coming', async () => {
    const client = await connectTo(readWhole)
    client.socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n12345')
    await waitUntil(client.isCut, { what: 'the cut' })
    expect(client.received()).toBe('')
  })
})

describe('a connection stays', () => {
  const later = (ms: number) => (message: IncomingMessage, response: ServerResponse) => {
    message.resume()
    setTimeout(() => response.end('at last'), ms)
  }

  test.each([
    { what: 'without a body', call: 'GET / HTTP/1.1\r\nhost: a\r\n\r\n' },
    { what: 'with a body', call: 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nab' },
  ])('while the answer to a call $what takes its time', async ({ call }) => {
    const client = await connectTo(later(1_600), 1_000)
    client.socket.write(call)
    await waitUntil(() => client.received().includes('at last'), { what: 'the answer' })
  })
})
