import type { BodyNode, ListNode, WeavePiece } from './body-node'
import { longString, putContent } from './put-content'
import type { BlockSink } from './block-sink'

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
    texts: [...texts.values()].map((text) => listOfText(Buffer.concat(text.pieces), sink)),
    pieces,
    gaps: Buffer.concat(gaps),
  }
}

function listOfText(text: Buffer, sink: BlockSink): ListNode {
  if (text.length < longString) return { kind: 'list', blocks: [], literals: [text] }
  const blocks = putContent(text, { start: 0, end: text.length }, sink).map(({ hash }) => hash)
  return { kind: 'list', blocks, literals: Array.from({ length: blocks.length + 1 }, () => Buffer.alloc(0)) }
}

/** The string values of deltas; `key` is what stands before the string in its line: index, type and field. */
function* findPieces(bytes: Buffer): Generator<{ key: string; start: number; end: number }> {
  // One character a byte: searching a string is many times as fast as searching a buffer.
  const text = bytes.toString('latin1')
  for (let at = text.indexOf(opening); at >= 0;) {
    const lineStart = text.lastIndexOf('\n', at) + 1
    const lineFeed = text.indexOf('\n', at)
    const lineEnd = lineFeed < 0 ? text.length : lineFeed
    const line = text.slice(at, lineEnd)
    const field = line.indexOf(fieldStart)
    const value = field < 0 ? -1 : line.indexOf(valueStart, field + fieldStart.length)
    if (value >= 0) {
      const start = at + value + valueStart.length
      yield { key: text.slice(lineStart, start), start, end: findStringEnd(bytes, start, lineEnd) }
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
