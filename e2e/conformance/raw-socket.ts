import { once } from 'node:events'
import net from 'node:net'

interface RawAnswer {
  readonly text: string
  /** Status of each answer that came back, in order. */
  readonly statuses: number[]
  readonly isClosed: boolean
}

/** A busy machine may take its time for the first byte, and where the peer closes for every one. */
export const patienceMs = 30_000

/** Sends bytes as they are and reads until the peer closes, or is quiet for `quietMs` after it has begun to answer. */
export async function sendRaw(url: string, bytes: string | Buffer, quietMs = 400): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const socket = net.connect(Number(port), hostname)
  // A reset is an answer, too: the peer did not take it.
  socket.on('error', () => undefined)
  const pieces: Buffer[] = []
  socket.on('data', (piece) => {
    pieces.push(piece)
    socket.setTimeout(quietMs)
  })
  socket.setTimeout(patienceMs)
  socket.write(bytes)
  await Promise.race([once(socket, 'timeout'), once(socket, 'close')])
  const isClosed = socket.destroyed || socket.readyState !== 'open'
  socket.destroy()
  const text = Buffer.concat(pieces).toString('latin1')
  return { text, isClosed, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1])) }
}
