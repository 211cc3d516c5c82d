import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BodyNode, ListNode } from './body-node'
import { cutContent } from './cut-content'
import { longString, putContent } from './put-content'
import { JsonScanner } from './scan-json'
import { SectionBuilder } from './section-builder'
import type { BlockSink } from './sink'
import { splitStream } from './split-stream'

const slowBytes = 2 * 1024 * 1024

/** Cuts a body into blocks, which go to the sink, and answers the recipe that joins them again. */
export async function splitBody(bytes: Buffer, sink: BlockSink): Promise<BodyNode> {
  if (looksLikeStream(bytes)) return splitStream(bytes, sink)
  return looksLikeJson(bytes) ? splitJson(bytes, sink) : splitContent(bytes, sink)
}

async function splitJson(bytes: Buffer, sink: BlockSink): Promise<ListNode> {
  const scanner = new JsonScanner(bytes, longString)
  const builder = new SectionBuilder(bytes, sink)
  let pausedAt = 0
  for (let cut = scanner.next(); cut; cut = scanner.next()) {
    if (cut.kind === 'string') {
      builder.place(putContent(bytes, cut, sink))
      continue
    }
    const place = { at: cut.at, shape: scanner.shape }
    if (cut.isSection) builder.mayEndSection(place)
    else builder.mayBreak(place)
    const known = builder.skipKnown()
    if (known) scanner.jump(known.at, known.shape)
    if (cut.at - pausedAt < slowBytes) continue
    pausedAt = cut.at
    await nextTurn()
  }
  return builder.finish()
}

/** Anything that is neither JSON nor a stream of events: files, compressed bodies. */
async function splitContent(bytes: Buffer, sink: BlockSink): Promise<ListNode> {
  const builder = new SectionBuilder(bytes, sink)
  if (bytes.length < longString) return builder.finish()
  let start = 0
  for (const end of cutContent(bytes, 0, bytes.length)) {
    builder.place([{ start, end, hash: sink.putContent(bytes.subarray(start, end)) }])
    builder.mayBreak({ at: end, shape: 0 })
    start = end
    await nextTurn()
  }
  return builder.finish()
}

function looksLikeJson(bytes: Buffer): boolean {
  const first = bytes.subarray(0, 64).toString('latin1').trimStart()[0]
  return first === '{' || first === '['
}

function looksLikeStream(bytes: Buffer): boolean {
  return /^(?:event|data):/.test(bytes.toString('latin1', 0, 6))
}
