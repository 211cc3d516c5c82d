import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Front, FrontOptions } from './front'

/** Hands each connection to the next replica. */
export async function startBalancer({ ports, port }: FrontOptions): Promise<Front> {
  let chosen = ports
  let turn = 0
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const replica = connect(chosen[(turn += 1) % chosen.length] ?? 0, '127.0.0.1')
    for (const socket of [client, replica]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      socket.on('error', () => (client.destroy(), replica.destroy()))
    }
    client.pipe(replica).pipe(client)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    sendTo(next) {
      chosen = next
      return Promise.resolve()
    },
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
