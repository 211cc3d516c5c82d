import type { FramePlace, RawFrame } from '@/lib/journal/frame'
import type { ExchangeBegin } from '@/lib/proxy/ports'
import { interruptedEnd, type Arrival, type Exchange } from './exchange'
import {
  decodeBegin,
  decodeEnd,
  decodePart,
  type BeginRecord,
  type EndRecord,
  type PartRecord,
} from './journal-payload'

/**
 * Puts the frames of one exchange together; without an end it was interrupted. Of a frame nothing is used once the
 * next one is asked for, but for the request: an answer is in memory once, however long it is.
 */
export function assembleExchange(frames: Iterable<RawFrame>, places: readonly FramePlace[]): Exchange {
  const answer = new GatheredAnswer(places)
  let begun: BeginRecord | null = null
  let ended: EndRecord | null = null
  for (const { type, payload } of frames) {
    if (type === 'begin') begun ??= decodeBegin(payload)
    else if (type === 'part') answer.add(decodePart(payload))
    else answer.add((ended = decodeEnd(payload)))
  }
  if (!begun) throw new Error('an exchange in the journal has no begin')
  return exchangeOf(begun, answer, ended)
}

export function joinExchange(begun: BeginRecord, parts: readonly PartRecord[], ended: EndRecord | null): Exchange {
  const bytes = Buffer.concat(parts.map((part) => part.bytes))
  return exchangeOf(begun, { bytes, arrivals: parts.flatMap((part) => part.arrivals) }, ended)
}

function exchangeOf(begun: BeginRecord, { bytes, arrivals }: PartRecord, ended: EndRecord | null): Exchange {
  return {
    begin: begun.begin,
    end: ended?.end ?? interruptedEnd(arrivals.at(-1)?.offsetMs ?? 0),
    responseBody: bytes,
    arrivals,
    requestBytes: begun.requestBytes,
    requestDrop: begun.requestDrop,
    responseBytes: ended?.responseBytes ?? bytes.length,
    responseDrop: ended?.responseDrop ?? null,
  }
}

class GatheredAnswer implements PartRecord {
  readonly arrivals: Arrival[] = []
  private readonly room: Buffer
  private length = 0

  constructor(places: readonly FramePlace[]) {
    const room = places.reduce((total, { type, payloadLength }) => total + (type === 'begin' ? 0 : payloadLength), 0)
    this.room = Buffer.allocUnsafe(room)
  }

  get bytes(): Buffer {
    return this.room.subarray(0, this.length)
  }

  add({ arrivals, bytes }: PartRecord): void {
    this.arrivals.push(...arrivals)
    this.length += bytes.copy(this.room, this.length)
  }
}

/** Without its body, for a journal that has no more room. */
export function withoutBody(begin: ExchangeBegin): ExchangeBegin {
  return { ...begin, body: new Uint8Array(0) }
}
