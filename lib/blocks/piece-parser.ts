import { parseJson, type JsonRecord } from '@/lib/claude/json'
import { PieceMemo } from './piece-memo'

/** Below this a whole parse costs next to nothing. */
const worthBytes = 8 * 1024
/** The long lists of a request; an element that was in an earlier body has its value already. */
const listNames = new Set(['messages', 'system', 'tools'])

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openObject = 0x7b
const closeObject = 0x7d
const openList = 0x5b
const closeList = 0x5d

/** The text is no JSON, or none that can be read in pieces. */
class NotInPieces extends Error {}

/**
 * Parses JSON bodies of requests piece by piece. Most of a request was in the request before: such pieces are
 * compared, not parsed again, and have the very same value, which nobody may change. Never throws.
 */
export class PieceParser {
  private readonly memo = new PieceMemo()

  /** The value of UTF-8 JSON; undefined when it is not JSON. */
  parse(bytes: Buffer): unknown {
    if (bytes.length < worthBytes) return parseJson(bytes.toString())
    try {
      return new BodyReader(bytes, this.memo).read()
    } catch (error) {
      if (error instanceof NotInPieces || error instanceof SyntaxError) return parseJson(bytes.toString())
      throw error
    }
  }
}

class BodyReader {
  private at = 0

  constructor(
    private readonly bytes: Buffer,
    private readonly memo: PieceMemo,
  ) {}

  read(): JsonRecord {
    const body: JsonRecord = {}
    this.expect(openObject)
    this.readAll(closeObject, () => {
      const name = this.readName()
      body[name] = listNames.has(name) && this.peek() === openList ? this.readList() : this.readValue()
    })
    this.skipSpace()
    if (this.at !== this.bytes.length) throw new NotInPieces()
    return body
  }

  private readName(): string {
    if (this.peek() !== quote) throw new NotInPieces()
    const name = this.readValue()
    // An object literal treats this one differently from JSON.parse.
    if (typeof name !== 'string' || name === '__proto__') throw new NotInPieces()
    this.expect(colon)
    return name
  }

  private readList(): unknown[] {
    const list: unknown[] = []
    this.expect(openList)
    this.readAll(closeList, () => list.push(this.peek() === openObject ? this.readPiece() : this.readValue()))
    return list
  }

  private readPiece(): unknown {
    const known = this.memo.recall(this.bytes, this.at)
    if (known) {
      this.at += known.length
      return known.value
    }
    const start = this.at
    const value = this.readValue()
    this.memo.remember(this.bytes, { start, end: this.at }, value)
    return value
  }

  private readValue(): unknown {
    this.skipSpace()
    const start = this.at
    this.at = findValueEnd(this.bytes, start)
    return JSON.parse(this.bytes.toString('utf8', start, this.at))
  }

  private peek(): number | undefined {
    this.skipSpace()
    return this.bytes[this.at]
  }

  private takes(byte: number): boolean {
    if (this.peek() !== byte) return false
    this.at += 1
    return true
  }

  private expect(byte: number): void {
    if (!this.takes(byte)) throw new NotInPieces()
  }

  /** What stands between commas, up to the closing bracket. */
  private readAll(close: number, readOne: () => void): void {
    if (this.takes(close)) return
    do readOne()
    while (this.takes(comma))
    this.expect(close)
  }

  private skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.at += 1
    }
  }
}

/** Where a value ends that begins at `start`; what is inside is for JSON.parse to judge. */
function findValueEnd(bytes: Buffer, start: number): number {
  let depth = 0
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === quote) at = findStringEnd(bytes, at + 1)
    else if (byte === openObject || byte === openList) depth += 1
    else if (byte === closeObject || byte === closeList) depth -= 1
    else if (depth > 0 || !isBehindValue(bytes[at + 1])) continue
    if (depth === 0) return at + 1
    if (depth < 0) throw new NotInPieces()
  }
  throw new NotInPieces()
}

/** Numbers, true, false and null end where something else begins. */
const behindValue = new Set([comma, colon, closeObject, closeList, 0x20, 0x0a, 0x0d, 0x09])

function isBehindValue(byte: number | undefined): boolean {
  return byte === undefined || behindValue.has(byte)
}

function findStringEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let escapes = at - 1
    while (escapes >= from && bytes[escapes] === backslash) escapes -= 1
    // An even number of backslashes escape each other.
    if ((at - escapes) % 2 === 1) return at
  }
  throw new NotInPieces()
}
