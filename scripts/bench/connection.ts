import { connect, type Socket } from 'node:net'

/** What a client saw of one exchange. */
export interface Sample {
  readonly status: number
  /** From the first byte sent to the first byte of the answer's body. */
  readonly firstByteMs: number
  readonly totalMs: number
}

interface Running {
  readonly beganAt: number
  head: string
  status: number
  firstByteMs: number
  tail: string
  readonly settle: (sample: Sample) => void
  readonly fail: (error: Error) => void
}

const endOfHead = '\r\n\r\n'
const endOfChunks = '0\r\n\r\n'

/**
 * A kept-alive connection that reads just enough of HTTP/1.1 to know when a chunked answer is over: the client
 * of a bench must not cost more than what it measures. Server-sent events never contain the last chunk's bytes.
 */
export class Connection {
  private running: Running | null = null

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.read(bytes))
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(new Error('the connection was closed before the answer was over')))
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Connection(socket)))
    })
  }

  ask(head: string, body: Buffer): Promise<Sample> {
    if (this.socket.destroyed) return Promise.reject(new Error('the connection is closed'))
    return new Promise((settle, fail) => {
      this.running = { beganAt: performance.now(), head: '', status: 0, firstByteMs: 0, tail: '', settle, fail }
      this.socket.cork()
      this.socket.write(head, 'latin1')
      this.socket.write(body)
      this.socket.uncork()
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private read(bytes: Buffer): void {
    const { running } = this
    if (!running) return
    let bodyFrom = 0
    if (running.status === 0) {
      const before = running.head.length
      running.head += bytes.toString('latin1')
      const end = running.head.indexOf(endOfHead)
      if (end < 0) return
      running.status = Number(running.head.slice(9, 12))
      bodyFrom = end + endOfHead.length - before
    }
    if (bodyFrom >= bytes.length) return
    running.firstByteMs ||= performance.now() - running.beganAt
    running.tail = (running.tail + bytes.toString('latin1', Math.max(bodyFrom, bytes.length - 5))).slice(-5)
    if (running.tail === endOfChunks) this.settle(running)
  }

  private settle(running: Running): void {
    this.running = null
    const { status, firstByteMs, beganAt } = running
    running.settle({ status, firstByteMs, totalMs: performance.now() - beganAt })
  }

  private fail(error: Error): void {
    const { running } = this
    this.running = null
    running?.fail(error)
  }
}
