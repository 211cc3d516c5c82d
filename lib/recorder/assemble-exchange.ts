import type { ExchangeBegin } from '@/lib/proxy/ports'
import { interruptedEnd, type Arrival, type Exchange } from './exchange'
import type { RawFrame } from './journal-frame'
import {
  decodeBegin,
  decodeEnd,
  decodePart,
  type BeginRecord,
  type EndRecord,
  type PartRecord,
} from './journal-payload'

/** Puts the frames of one exchange together; without an end it was interrupted. */
export function assembleExchange(frames: readonly RawFrame[]): Exchange {
  const first = frames.find((frame) => frame.type === 'begin')
  if (!first) throw new Error('an exchange in the journal has no begin')
  const last = frames.find((frame) => frame.type === 'end')
  const parts: PartRecord[] = frames.filter((frame) => frame.type === 'part').map((frame) => decodePart(frame.payload))
  const end = last ? decodeEnd(last.payload) : null
  if (end) parts.push(end)
  return joinExchange(decodeBegin(first.payload), parts, end)
}

export function joinExchange(begun: BeginRecord, parts: readonly PartRecord[], ended: EndRecord | null): Exchange {
  const responseBody = Buffer.concat(parts.map((part) => part.bytes))
  const arrivals = parts.flatMap((part) => part.arrivals)
  return {
    begin: begun.begin,
    end: ended?.end ?? interruptedEnd(lastOffset(arrivals)),
    responseBody,
    arrivals,
    requestBytes: begun.requestBytes,
    requestDrop: begun.requestDrop,
    responseBytes: ended?.responseBytes ?? responseBody.length,
    responseDrop: ended?.responseDrop ?? null,
  }
}

function lastOffset(arrivals: readonly Arrival[]): number {
  return arrivals.at(-1)?.offsetMs ?? 0
}

/** Without its body, for a journal that has no more room. */
export function withoutBody(begin: ExchangeBegin): ExchangeBegin {
  return { ...begin, body: new Uint8Array(0) }
}
