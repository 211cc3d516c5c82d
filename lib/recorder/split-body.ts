import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BodyNode, ListNode } from './body-node'
import { cutContent } from './cut-content'
import { longString, putContent } from './put-content'
import type { BlockSink } from './block-sink'
import { SectionBuilder } from './section-builder'
import { scanJson } from './scan-json'
import { splitStream } from './split-stream'

const slowBytes = 2 * 1024 * 1024

/** Cuts a body into blocks, which go to the sink, and answers the recipe that joins them again. */
export async function splitBody(bytes: Buffer, sink: BlockSink): Promise<BodyNode> {
  if (looksLikeStream(bytes)) return splitStream(bytes, sink)
  return looksLikeJson(bytes) ? splitJson(bytes, sink) : splitContent(bytes, sink)
}

async function splitJson(bytes: Buffer, sink: BlockSink): Promise<ListNode> {
  const builder = new SectionBuilder(bytes, sink)
  let pausedAt = 0
  for (const cut of scanJson(bytes, longString)) {
    if (cut.kind === 'string') builder.blocks(cut.start, putContent(bytes, cut, sink))
    else builder.mayBreak(cut.at, cut.isSection)
    if (builder.position - pausedAt < slowBytes) continue
    pausedAt = builder.position
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
    builder.blocks(start, [{ end, hash: sink.putContent(bytes.subarray(start, end)) }])
    builder.mayBreak(end, false)
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
