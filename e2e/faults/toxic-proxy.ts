import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How long TCP waits before it sends a packet again, at least. */
const sentAgainMs = 200

/** A line between two programs that can be slow, cut, or dead without a word. */
export class ToxicProxy {
  /** Before each piece is passed on. */
  latencyMs = 0
  /** Nothing is passed on and nothing is closed, as when packets are dropped. */
  isSilent = false
  /** At most this many bytes at a time. */
  pieceBytes = Infinity
  /** This share of the pieces is late, as a packet is that was lost and sent again. */
  lossShare = 0
  private readonly sockets = new Set<Socket>()
  private readonly server = createServer((near) => this.join(near))

  private constructor(public target: number) {}

  static async start(target: number): Promise<ToxicProxy> {
    const proxy = new ToxicProxy(target)
    proxy.server.listen(0, '127.0.0.1')
    await once(proxy.server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get connections(): number {
    return this.sockets.size / 2
  }

  /** Resets every connection, as a server does that dies. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.server.close()
    this.reset()
    if (this.server.listening) await once(this.server, 'close')
  }

  private join(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true })
    near.setNoDelay()
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket)
      // The other end hears of it, which is all there is to do.
      socket.on('error', () => undefined)
      const passing = this.pass(socket, other)
      socket.once('close', () => {
        this.sockets.delete(socket)
        // What it said before it left may still be on the way.
        if (!this.isSilent) void passing.then(() => other.destroySoon())
      })
    }
  }

  private async pass(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += this.pieceBytes)
          await this.passPiece(chunk.subarray(at, Math.min(chunk.length, at + this.pieceBytes)), to)
      }
      to.end()
    } catch {
      // Broken off: `close` tells the other end.
    }
  }

  private async passPiece(piece: Buffer, to: Socket): Promise<void> {
    if (this.latencyMs > 0) await delay(this.latencyMs)
    if (Math.random() < this.lossShare) await delay(sentAgainMs)
    while (this.isSilent && !to.destroyed) await delay(10)
    if (!to.write(piece)) await drained(to)
  }
}

/** Resolves when the socket takes more, or is gone. */
function drained(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle)
      socket.off('close', settle)
      resolve()
    }
    socket.on('drain', settle)
    socket.on('close', settle)
  })
}
