import { decodeBody } from '@/lib/claude/decode-body'
import { asRecord, asText, clip, parseJson } from '@/lib/claude/json'
import { createSseReader, type SseEvent } from '@/lib/claude/sse'
import type { Arrival } from '@/lib/recorder/exchange'
import { headerOf } from '@/lib/recorder/header-of'
import { loadBody, loadExchangeDetail } from '@/lib/recorder/load-body'

/** One server-sent event of an answer. */
export interface StreamEvent {
  readonly index: number
  /** The `type` of its JSON, else its `event:` field. */
  readonly type: string
  /** When its last byte had arrived, counted from when the request came in; null when that is not known. */
  readonly offsetMs: number | null
  /** Where it begins in the decoded stream. */
  readonly byteOffset: number
  readonly byteLength: number
  /** Cut to what a page can show. */
  readonly data: string
}

export interface StreamEvents {
  readonly events: readonly StreamEvent[]
  /** How many there are; more than `events` when the stream is very long. */
  readonly total: number
  /** The last one lacks its end: the stream broke off in it. */
  readonly isBrokenOff: boolean
}

const mostEvents = 5_000
const mostData = 4_000

/** null = the answer was not kept. An answer that is no stream has no events. */
export async function loadStreamEvents(requestId: string): Promise<StreamEvents | null> {
  const [body, detail] = await Promise.all([loadBody(requestId, 'response'), loadExchangeDetail(requestId)])
  if (!body) return null
  if (!/^\s*text\/event-stream\b/i.test(body.contentType ?? '')) return { events: [], total: 0, isBrokenOff: false }
  const contentEncoding = headerOf(detail?.responseHeaders ?? [], 'content-encoding')
  return readStreamEvents({ bytes: body.bytes, contentEncoding, arrivals: detail?.arrivals ?? [] })
}

interface StreamSource {
  readonly bytes: Uint8Array
  readonly contentEncoding: string | null
  readonly arrivals: readonly Arrival[]
}

/** Pure: the events of a stream, with when each was whole. */
export function readStreamEvents({ bytes, contentEncoding, arrivals }: StreamSource): StreamEvents {
  const decoded = decodeBody(bytes, contentEncoding).bytes
  // Of a compressed stream nobody can tell which byte brought which event.
  const arrivalOf = decoded === bytes ? arrivalFinder(arrivals) : () => null
  const found: SseEvent[] = []
  let total = 0
  const take = (event: SseEvent) => {
    total += 1
    if (found.length < mostEvents) found.push(event)
  }
  const reader = createSseReader({ onEvent: take, maxEventBytes: decoded.length })
  reader.push(decoded)
  const { remainder } = reader.end()
  if (remainder) take(remainder)
  return {
    events: found.map((event, index) => ({
      index,
      type: asText(asRecord(parseJson(event.data))?.type) ?? event.name ?? 'message',
      offsetMs: arrivalOf(event.offset + event.byteLength),
      byteOffset: event.offset,
      byteLength: event.byteLength,
      data: clip(event.data, mostData),
    })),
    total,
    isBrokenOff: remainder !== null,
  }
}

/** Events are asked about in order, so the pieces are walked once. */
function arrivalFinder(arrivals: readonly Arrival[]): (byteEnd: number) => number | null {
  let index = 0
  let arrived = arrivals[0]?.byteLength ?? 0
  return (byteEnd) => {
    while (arrived < byteEnd && index < arrivals.length) {
      index += 1
      arrived += arrivals[index]?.byteLength ?? 0
    }
    return arrivals[index]?.offsetMs ?? null
  }
}
