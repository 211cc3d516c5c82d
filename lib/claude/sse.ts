/**
 * Server-sent events out of raw bytes, by the WHATWG rules (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Any cut of the bytes gives the same events, and memory is bounded by `maxEventBytes`.
 */
import { LineSplitter } from './line-splitter'

export interface SseEvent {
  /** The `event:` field; null when it was not given. */
  readonly name: string | null
  /** The `data:` lines, joined by LF. */
  readonly data: string
  /** Where the first line of the event begins in the stream. */
  readonly offset: number
  /** Up to the end of its blank line; of a CRLF there, the LF is not counted. */
  readonly byteLength: number
}

interface SseEnd {
  /** What had arrived of an event whose blank line never came; by the standard it is not an event. */
  readonly remainder: SseEvent | null
}

interface SseReader {
  push(bytes: Uint8Array): void
  end(): SseEnd
}

interface SseReaderOptions {
  readonly onEvent: (event: SseEvent) => void
  /** A longer event is left out. Default 1 MiB. */
  readonly maxEventBytes?: number
}

const COLON = 58
const SPACE = 32
/** `event` and `data` are the only fields with a meaning here; ids and retry times belong to clients that reconnect. */
const dataField = Buffer.from('data')
const eventField = Buffer.from('event')
const maxFieldNameBytes = eventField.length

export function createSseReader({ onEvent, maxEventBytes = 1024 * 1024 }: SseReaderOptions): SseReader {
  const events = new EventAssembler(onEvent, maxEventBytes)
  const lines = new LineSplitter((line, start, end) => events.addLine(line, start, end), maxEventBytes)
  return {
    push: (bytes) => lines.push(bytes),
    end: () => events.end(lines),
  }
}

class EventAssembler {
  private isFirstLine = true
  /** Where the event in progress began; null between events. */
  private start: number | null = null
  private name: string | null = null
  private data: string | null = null
  /** The event in progress grew too long: its lines are dropped up to its blank line. */
  private isOversize = false

  constructor(
    private readonly onEvent: (event: SseEvent) => void,
    private readonly maxEventBytes: number,
  ) {}

  addLine(line: Buffer | null, start: number, end: number): void {
    const text = line && this.isFirstLine ? withoutByteOrderMark(line) : line
    this.isFirstLine = false
    if (text?.length === 0) return this.endEvent(end)
    this.start ??= start
    if (text === null || end - this.start > this.maxEventBytes) {
      this.isOversize = true
      this.data = null
    }
    if (text !== null && !this.isOversize) this.readField(text)
  }

  end(lines: LineSplitter): SseEnd {
    return { remainder: this.eventUpTo(lines.end()) }
  }

  private endEvent(end: number): void {
    const event = this.eventUpTo(end)
    this.start = this.name = this.data = null
    this.isOversize = false
    if (event) this.onEvent(event)
  }

  private eventUpTo(end: number): SseEvent | null {
    if (this.start === null || this.data === null) return null
    return { name: this.name, data: this.data, offset: this.start, byteLength: end - this.start }
  }

  private readField(line: Buffer): void {
    const nameEnd = endOfName(line)
    const valueStart = nameEnd + (line[nameEnd + 1] === SPACE ? 2 : 1)
    if (isField(line, nameEnd, dataField)) {
      const value = line.toString('utf8', valueStart)
      this.data = this.data === null ? value : `${this.data}\n${value}`
    } else if (isField(line, nameEnd, eventField)) this.name = line.toString('utf8', valueStart) || null
  }
}

/** Where the colon stands, or the line ends, as far as it matters. */
function endOfName(line: Buffer): number {
  let at = 0
  while (at <= maxFieldNameBytes && at < line.length && line[at] !== COLON) at += 1
  return at
}

function isField(line: Buffer, nameEnd: number, name: Buffer): boolean {
  if (nameEnd !== name.length) return false
  let at = 0
  while (at < nameEnd && line[at] === name[at]) at += 1
  return at === nameEnd
}

function withoutByteOrderMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line
}
