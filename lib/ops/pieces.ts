/** Bytes that wait for a slow reader before their source is told to wait too. */
const highWaterBytes = 64 * 1024

/** Where pieces come from, by their own pace. */
interface Source {
  pause(): void
  resume(): void
  /** Nobody reads on. */
  leave(): void
}

type Piece = IteratorResult<Uint8Array, undefined>

interface Reader {
  resolve(piece: Piece): void
  reject(error: Error): void
}

const noMore = { done: true, value: undefined } as const

/**
 * Pieces of a body, from a source that pushes to one reader that pulls. Node's streams do the same and much more, which
 * costs a call of the proxy more than all else that is done with its bytes.
 */
export class Pieces implements AsyncIterableIterator<Uint8Array, undefined> {
  private waiting: Uint8Array[] = []
  private waitingBytes = 0
  private reader: Reader | null = null
  /** null while more may come; `whole`, or why it broke off. */
  private end: 'whole' | Error | null = null

  constructor(private readonly source: Source) {}

  [Symbol.asyncIterator](): this {
    return this
  }

  push(piece: Uint8Array): void {
    if (this.end) return
    if (this.reader) return this.hand({ done: false, value: piece })
    this.waiting.push(piece)
    this.waitingBytes += piece.length
    if (this.waitingBytes >= highWaterBytes) this.source.pause()
  }

  finish(): void {
    if (this.end) return
    this.end = 'whole'
    this.hand(noMore)
  }

  /** What came before is still handed out. */
  fail(error: Error): void {
    if (this.end) return
    this.end = error
    this.reader?.reject(error)
    this.reader = null
  }

  next(): Promise<Piece> {
    const piece = this.waiting.shift()
    if (piece) return Promise.resolve(this.taken(piece))
    if (this.end === 'whole') return Promise.resolve(noMore)
    if (this.end) return Promise.reject(this.end)
    return new Promise((resolve, reject) => (this.reader = { resolve, reject }))
  }

  return(): Promise<Piece> {
    this.waiting = []
    if (this.end === null) this.source.leave()
    this.end = 'whole'
    return Promise.resolve(noMore)
  }

  private taken(piece: Uint8Array): Piece {
    const wasFull = this.waitingBytes >= highWaterBytes
    this.waitingBytes -= piece.length
    if (wasFull && this.waitingBytes < highWaterBytes) this.source.resume()
    return { done: false, value: piece }
  }

  private hand(piece: Piece): void {
    this.reader?.resolve(piece)
    this.reader = null
  }
}
