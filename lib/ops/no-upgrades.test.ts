import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { refuseUpgrades } from './no-upgrades'

test('a server that would hang up on an offer of HTTP/2 answers it in HTTP/1.1, from its first connection on', async () => {
  const stop = refuseUpgrades()
  const server = createServer((_message, response) => void response.end('answered'))
  server.on('upgrade', (_message, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n')
  const answer = Buffer.concat(await client.toArray()).toString()
  server.close()
  stop()
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*answered/)
})
