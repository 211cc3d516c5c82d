import type { BodyNode, ListNode, WeavePiece } from './body-node'
import { longString, putContent } from './put-content'
import { joined, nodeOfBlocks, type BlockSink } from './sink'

/** A string that arrives in pieces stands after `"delta":{"type":"text_delta","text":"`, or another type and field. */
const opening = '"delta":{"type":"'
const fieldStart = '_delta","'
const valueStart = '":"'

/**
 * Splits a stream of events: the pieces of each content block are joined again, because that text comes back
 * as one string in the next request of the conversation and is then the same block.
 */
export function splitStream(bytes: Buffer, sink: BlockSink): BodyNode {
  const texts = new Map<string, { index: number; pieces: Buffer[] }>()
  const pieces: WeavePiece[] = []
  const gaps: Buffer[] = []
  let position = 0
  for (const { key, start, end } of findPieces(bytes)) {
    let text = texts.get(key)
    if (!text) texts.set(key, (text = { index: texts.size, pieces: [] }))
    text.pieces.push(bytes.subarray(start, end))
    pieces.push({ gapLength: start - position, text: text.index, length: end - start })
    gaps.push(bytes.subarray(position, start))
    position = end
  }
  gaps.push(bytes.subarray(position))
  return {
    kind: 'weave',
    texts: [...texts.values()].map((text) => listOfText(joined(text.pieces), sink)),
    pieces,
    gaps: Buffer.concat(gaps),
  }
}

function listOfText(text: Buffer, sink: BlockSink): ListNode {
  if (text.length < longString) return { kind: 'list', blocks: [], literals: [text] }
  const blocks = putContent(text, { start: 0, end: text.length }, sink).map(({ hash }) => hash)
  return nodeOfBlocks(blocks)
}

interface Piece {
  /** What stands before the string in its line: index, type and field. */
  readonly key: string
  readonly start: number
  readonly end: number
}

/** The string values of deltas. */
function* findPieces(bytes: Buffer): Generator<Piece> {
  for (let start = 0; start < bytes.length;) {
    const window = windowAt(bytes, start)
    yield* findInWindow(bytes, window)
    start = window.end
  }
}

/** Whole lines of a body. */
interface Window {
  readonly start: number
  readonly end: number
  /** One character a byte; of a line that is longer than a window, its beginning. */
  readonly text: string
}

/** Searching a string is many times as fast as searching a buffer, but a copy of a large body would cost memory. */
const windowBytes = 1024 * 1024
const lineFeed = 10

function windowAt(bytes: Buffer, start: number): Window {
  const limit = Math.min(start + windowBytes, bytes.length)
  const lastEnd = limit === bytes.length ? limit : bytes.lastIndexOf(lineFeed, limit - 1) + 1
  const text = bytes.toString('latin1', start, lastEnd > start ? lastEnd : limit)
  if (lastEnd > start) return { start, end: lastEnd, text }
  const longEnd = bytes.indexOf(lineFeed, limit)
  return { start, end: longEnd < 0 ? bytes.length : longEnd, text }
}

function* findInWindow(bytes: Buffer, window: Window): Generator<Piece> {
  const { text } = window
  for (let at = text.indexOf(opening); at >= 0;) {
    const lineStart = text.lastIndexOf('\n', at) + 1
    const feed = text.indexOf('\n', at)
    const lineEnd = feed < 0 ? text.length : feed
    const line = text.slice(at, lineEnd)
    const field = line.indexOf(fieldStart)
    const value = field < 0 ? -1 : line.indexOf(valueStart, field + fieldStart.length)
    if (value >= 0) {
      const start = at + value + valueStart.length
      const limit = feed < 0 ? window.end : window.start + feed
      const end = findStringEnd(bytes, window.start + start, limit)
      yield { key: text.slice(lineStart, start), start: window.start + start, end }
    }
    at = text.indexOf(opening, lineEnd)
  }
}

function findStringEnd(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; at < limit; at += 1) {
    if (bytes[at] === 0x5c) at += 1
    else if (bytes[at] === 0x22) return at
  }
  return limit
}
