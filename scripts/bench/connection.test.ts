import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Connection } from './connection'

let server: Server

/** A server that answers each piece of a request with the next list of writes. */
async function answerWith(...answers: ((socket: Socket) => void)[]): Promise<number> {
  server = createServer((socket) => {
    socket.on('data', () => answers.shift()?.(socket))
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(() => server.close())

const body = Buffer.from('{}')
const head = 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

test('an answer is over with its last chunk, wherever the pieces were cut', async () => {
  const port = await answerWith((socket) => {
    const pieces = [chunked.slice(0, 10), chunked.slice(10), '3\r\na', 'bc\r\n0', '\r\n\r', '\n']
    const writeNext = () => {
      const piece = pieces.shift()
      if (piece !== undefined) socket.write(piece, () => setImmediate(writeNext))
    }
    writeNext()
  })
  const connection = await Connection.open(port)
  const sample = await connection.ask(head, body)
  expect(sample.status).toBe(200)
  expect(sample.firstByteMs).toBeLessThanOrEqual(sample.totalMs)
  connection.close()
})

test('a connection asks again and again', async () => {
  const quick = (status: string) => (socket: Socket) => {
    socket.write(`HTTP/1.1 ${status}\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`)
  }
  const connection = await Connection.open(await answerWith(quick('200 OK'), quick('503 Busy')))
  expect((await connection.ask(head, body)).status).toBe(200)
  expect((await connection.ask(head, body)).status).toBe(503)
  connection.close()
})

test('an answer that breaks off is an error', async () => {
  const connection = await Connection.open(await answerWith((socket) => socket.end(`${chunked}3\r\nabc\r\n`)))
  await expect(connection.ask(head, body)).rejects.toThrow('closed before')
})

test('asking on a closed connection is an error, not a wait', async () => {
  const connection = await Connection.open(await answerWith())
  connection.close()
  await expect(connection.ask(head, body)).rejects.toThrow('closed')
})
