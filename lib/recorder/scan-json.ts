/**
 * Finds where a JSON text may be cut, in one pass over the bytes. It is no parser: any bytes at all give some
 * cuts, and nothing depends on the text being valid.
 */
export interface StringCut {
  readonly kind: 'string'
  /** The inside of a long string, without its quotes. */
  readonly start: number
  readonly end: number
}

export interface BreakCut {
  readonly kind: 'break'
  /** Just after a comma between elements, or after a top-level value. */
  readonly at: number
  /** Between members of the top-level object: what follows has nothing to do with what came before. */
  readonly isSection: boolean
}

export type JsonCut = StringCut | BreakCut

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

export function* scanJson(bytes: Buffer, longString: number): Generator<JsonCut, void, undefined> {
  const nesting = new Nesting()
  let lastBreak = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte === quote) {
      const end = findStringEnd(bytes, at + 1)
      if (end - at > longString) yield { kind: 'string', start: at + 1, end }
      at = end
      continue
    }
    if (byte === comma ? nesting.isBreak : nesting.step(byte) && nesting.depth === 0) {
      const isSection = byte === comma && nesting.isTopLevelMember
      if (!isSection && at - lastBreak < shortestSegment) continue
      lastBreak = at
      yield { kind: 'break', at: at + 1, isSection }
    }
  }
}

/** Which brackets are open, as deep as it matters. */
class Nesting {
  depth = 0
  private readonly isList: boolean[] = []

  get isBreak(): boolean {
    return this.depth <= deepestBreak && (this.isList[this.depth] === true || this.isTopLevelMember)
  }

  get isTopLevelMember(): boolean {
    return this.depth === 1 && this.isList[1] === false
  }

  /** True when the byte closed something. */
  step(byte: number): boolean {
    if (byte === openList || byte === openObject) {
      this.depth += 1
      if (this.depth <= deepestBreak) this.isList[this.depth] = byte === openList
      return false
    }
    if (byte !== closeList && byte !== closeObject) return false
    this.depth = Math.max(0, this.depth - 1)
    return true
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
