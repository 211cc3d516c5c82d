/**
 * Finds where a JSON text may be cut, in one pass over the bytes. It is no parser: any bytes at all give some
 * cuts, and nothing depends on the text being valid.
 */
interface StringCut {
  readonly kind: 'string'
  /** The inside of a long string, without its quotes. */
  readonly start: number
  readonly end: number
}

interface BreakCut {
  readonly kind: 'break'
  /** Just after a comma between elements, or after a top-level value. */
  readonly at: number
  /** Between members of the top-level object: what follows has nothing to do with what came before. */
  readonly isSection: boolean
}

type JsonCut = StringCut | BreakCut

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
/** Messages, their content blocks, and the lists in these; deeper lists are not cut. */
const deepestBreak = 6
/** Elements shorter than this are taken together. */
const shortestSegment = 48
/** Most keys and short values end within this many bytes; a call to `indexOf` pays off only after that. */
const nearBytes = 24

export class JsonScanner {
  private at = 0
  private lastBreak = -1
  private readonly nesting = new Nesting()

  constructor(
    private readonly bytes: Buffer,
    /** Strings longer than this are cuts. */
    private readonly longString: number,
  ) {}

  /** The brackets that are open at the latest break, in a number. */
  get shape(): number {
    return this.nesting.shape
  }

  /** Goes on at `at`, a break with that shape. */
  jump(at: number, shape: number): void {
    this.at = at
    this.lastBreak = at - 1
    this.nesting.shape = shape
  }

  next(): JsonCut | null {
    const { bytes, nesting } = this
    for (let at = this.at; at < bytes.length; at += 1) {
      const byte = bytes[at] as number
      if (byte === quote) {
        const start = at + 1
        at = findStringEnd(bytes, start)
        if (at - start < this.longString) continue
        this.at = at + 1
        return { kind: 'string', start, end: at }
      }
      if (byte !== comma && !nesting.step(byte)) continue
      if (byte === comma ? !nesting.isBreak : nesting.depth > 0) continue
      const isSection = byte === comma && nesting.isTopLevelMember
      if (!isSection && at - this.lastBreak < shortestSegment) continue
      this.lastBreak = at
      this.at = at + 1
      return { kind: 'break', at: at + 1, isSection }
    }
    this.at = bytes.length
    return null
  }
}

/** Which brackets are open, as deep as it matters. */
class Nesting {
  depth = 0
  /** One bit a level: set for a list. */
  private lists = 0

  get isBreak(): boolean {
    return this.depth <= deepestBreak && (this.isListAt(this.depth) || this.isTopLevelMember)
  }

  get isTopLevelMember(): boolean {
    return this.depth === 1 && !this.isListAt(1)
  }

  get shape(): number {
    return this.depth | (this.lists << 4)
  }

  set shape(shape: number) {
    this.depth = shape & 15
    this.lists = shape >> 4
  }

  /** True when the byte closed something. */
  step(byte: number): boolean {
    if (byte === openList || byte === openObject) {
      this.depth += 1
      const bit = 1 << this.depth
      if (this.depth <= deepestBreak) this.lists = byte === openList ? this.lists | bit : this.lists & ~bit
      return false
    }
    if (byte !== closeList && byte !== closeObject) return false
    // What was open inside is forgotten: equal places have equal shapes.
    if (this.depth <= deepestBreak) this.lists &= ~(1 << this.depth)
    this.depth = Math.max(0, this.depth - 1)
    return true
  }

  private isListAt(depth: number): boolean {
    return depth > 0 && (this.lists & (1 << depth)) !== 0
  }
}

/** Where the closing quote of a string stands that began before `from`; the end of the bytes if there is none. */
function findStringEnd(bytes: Buffer, from: number): number {
  const near = Math.min(from + nearBytes, bytes.length)
  for (let at = from; at < near; at += 1) {
    const byte = bytes[at]
    if (byte === quote) return at
    if (byte === backslash) return findFarEnd(bytes, at)
  }
  return findFarEnd(bytes, near)
}

function findFarEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let escapes = at - 1
    while (escapes >= from && bytes[escapes] === backslash) escapes -= 1
    // An even number of backslashes escape each other.
    if ((at - escapes) % 2 === 1) return at
  }
  return bytes.length
}
