const LF = 10
const CR = 13

/** `line` is null when it was longer than allowed. `end` lies behind the first byte of the terminator. */
type OnLine = (line: Buffer | null, start: number, end: number) => void

/** Cuts bytes into lines at LF, CR or CRLF, wherever chunks begin and end. Each byte is searched once. */
export class LineSplitter {
  /** Position in the stream of the first byte of the chunk in hand. */
  private position = 0
  private lineStart = 0
  /** The last line ended in CR, so an LF that comes next belongs to it. */
  private skipsLf = false
  /** The line in progress is longer than allowed: its bytes are dropped. */
  private isTooLong = false
  /** The part of the line in progress that came in earlier chunks. */
  private readonly head = new GrowingBytes()

  constructor(
    private readonly onLine: OnLine,
    private readonly maxLineBytes: number,
  ) {}

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    let start = this.skipsLf && chunk[0] === LF ? 1 : 0
    if (start === 1) this.lineStart = this.position + 1
    this.skipsLf = false
    let lf = indexOrLength(chunk, LF, start)
    let cr = indexOrLength(chunk, CR, start)
    for (let end = Math.min(lf, cr); end < chunk.length; end = Math.min(lf, cr)) {
      this.finishLine(chunk.subarray(start, end), this.position + end + 1)
      start = end + 1
      if (end === cr) {
        this.skipsLf = start === chunk.length
        if (chunk[start] === LF) start += 1
        cr = indexOrLength(chunk, CR, start)
      }
      if (lf < start) lf = indexOrLength(chunk, LF, start)
      this.lineStart = this.position + start
    }
    this.keepHead(chunk.subarray(start))
    this.position += chunk.length
  }

  /** Hands over a last line that has no terminator, if there is one. Returns the length of the stream. */
  end(): number {
    if (this.head.length > 0 || this.isTooLong) this.finishLine(Buffer.alloc(0), this.position)
    return this.position
  }

  private finishLine(tail: Buffer, end: number): void {
    this.keepHead(tail, true)
    const line = this.isTooLong ? null : this.head.length > 0 ? this.head.bytes() : tail
    this.onLine(line, this.lineStart, end)
    this.isTooLong = false
    this.head.clear()
  }

  /** A whole line inside one chunk is not copied. */
  private keepHead(part: Buffer, isTail = false): void {
    if (this.isTooLong) return
    if (this.head.length + part.length > this.maxLineBytes) {
      this.isTooLong = true
      this.head.clear()
    } else if (!isTail || this.head.length > 0) this.head.append(part)
  }
}

/** Bytes appended one after the other in a buffer that doubles, so that 1-byte chunks cost no more than large ones. */
class GrowingBytes {
  length = 0
  private buffer = Buffer.alloc(0)

  append(part: Buffer): void {
    const length = this.length + part.length
    if (length > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(length, this.buffer.length * 2, 256))
      larger.set(this.buffer.subarray(0, this.length))
      this.buffer = larger
    }
    this.buffer.set(part, this.length)
    this.length = length
  }

  /** A view that is valid until the next append. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
    if (this.buffer.length > 65_536) this.buffer = Buffer.alloc(0)
  }
}

function indexOrLength(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from)
  return index < 0 ? bytes.length : index
}
