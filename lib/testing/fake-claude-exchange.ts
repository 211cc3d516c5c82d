import { createHash, type Hash } from 'node:crypto'
import type { Usage } from './fake-claude-usage'

/** Bodies above this are hashed and counted, not kept. */
const keptBytes = 48 * 1024 * 1024

/** What the fake received and, byte by byte, what it answered. */
export interface FakeExchange {
  readonly number: number
  /** The `request-id` header of the answer. */
  readonly requestId: string
  readonly method: string
  /** Path and query as received. */
  readonly target: string
  readonly path: string
  /** Names and values alternating, as spelled on the wire. */
  readonly rawHeaders: readonly string[]
  readonly at: number
  readonly body: Buffer
  readonly sha256: string
  /** The peer went away before the answer was complete. */
  readonly aborted: boolean
  readonly abortedAt: number | null
  readonly response: FakeResponse
  header(name: string): string | null
  headerValues(name: string): string[]
}

interface FakeResponse {
  readonly status: number | null
  /** Body bytes handed to the socket so far, without transfer framing, after content coding. */
  readonly bytes: number
  readonly sha256: string
  readonly body: Buffer
  /** The whole answer was written and ended cleanly. */
  readonly finished: boolean
  readonly model: string | null
  /** The final usage of an answered message; null for everything else. */
  readonly usage: Usage | null
}

class ResponseRecord implements FakeResponse {
  status: number | null = null
  bytes = 0
  finished = false
  model: string | null = null
  usage: Usage | null = null
  private readonly hash: Hash = createHash('sha256')
  private readonly pieces: Buffer[] = []

  add(piece: Buffer): void {
    this.hash.update(piece)
    this.bytes += piece.length
    if (this.bytes <= keptBytes) this.pieces.push(piece)
  }

  get sha256(): string {
    return this.hash.copy().digest('hex')
  }

  get body(): Buffer {
    return Buffer.concat(this.pieces)
  }
}

interface Received {
  readonly number: number
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
}

export class ExchangeRecord implements FakeExchange {
  readonly number: number
  readonly requestId: string
  readonly method: string
  readonly target: string
  readonly path: string
  readonly rawHeaders: readonly string[]
  readonly at = Date.now()
  readonly response = new ResponseRecord()
  abortedAt: number | null = null
  private pieces: Buffer[] = []
  private whole: Buffer | null = null

  constructor(received: Received) {
    this.number = received.number
    this.requestId = `req_fake${String(received.number).padStart(8, '0')}`
    this.method = received.method
    this.target = received.target
    this.path = received.target.split('?')[0] ?? ''
    this.rawHeaders = received.rawHeaders
  }

  add(piece: Buffer): void {
    this.pieces.push(piece)
    this.whole = null
  }

  get body(): Buffer {
    return (this.whole ??= Buffer.concat(this.pieces))
  }

  get sha256(): string {
    return createHash('sha256').update(this.body).digest('hex')
  }

  get aborted(): boolean {
    return this.abortedAt !== null
  }

  header(name: string): string | null {
    return this.headerValues(name)[0] ?? null
  }

  headerValues(name: string): string[] {
    return this.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name)
  }
}
