import type { ExchangeBegin, ExchangeEnd } from '@/lib/proxy/ports'
import type { Arrival, BodyDrop } from './exchange'

/** What the frames of one exchange say. Raw bytes stay raw; the rest is JSON, whose escapes keep any text. */

export interface BeginRecord {
  readonly begin: ExchangeBegin
  /** Length of the body as it passed, also when it was dropped. */
  readonly requestBytes: number
  readonly requestDrop: BodyDrop | null
}

export interface PartRecord {
  readonly arrivals: readonly Arrival[]
  readonly bytes: Buffer
}

export interface EndRecord extends PartRecord {
  readonly end: ExchangeEnd
  readonly endedAtMs: number
  readonly responseBytes: number
  readonly responseDrop: BodyDrop | null
}

export function encodeBegin({ begin, requestBytes, requestDrop }: BeginRecord): Buffer[] {
  const { body, ...rest } = begin
  return [...encodeMeta({ ...rest, requestBytes, requestDrop }), asBuffer(body)]
}

export function decodeBegin(payload: Buffer): BeginRecord {
  const { meta, rest } = decodeMeta<Omit<ExchangeBegin, 'body'> & Omit<BeginRecord, 'begin'>>(payload)
  const { requestBytes, requestDrop, ...begin } = meta
  return { begin: { ...begin, body: rest }, requestBytes, requestDrop }
}

export function encodePart({ arrivals, bytes }: PartRecord): Buffer[] {
  const head = Buffer.allocUnsafe(4 + arrivals.length * 8)
  head.writeUInt32LE(arrivals.length, 0)
  arrivals.forEach(({ offsetMs, byteLength }, index) => {
    head.writeUInt32LE(Math.min(Math.max(Math.round(offsetMs), 0), 0xffff_ffff), 4 + index * 8)
    head.writeUInt32LE(byteLength, 8 + index * 8)
  })
  return [head, bytes]
}

export function decodePart(payload: Buffer): PartRecord {
  const count = payload.readUInt32LE(0)
  const arrivals = Array.from({ length: count }, (_, index) => ({
    offsetMs: payload.readUInt32LE(4 + index * 8),
    byteLength: payload.readUInt32LE(8 + index * 8),
  }))
  return { arrivals, bytes: payload.subarray(4 + count * 8) }
}

export function encodeEnd(meta: Omit<EndRecord, keyof PartRecord>, rest: PartRecord): Buffer[] {
  return [...encodeMeta(meta), ...encodePart(rest)]
}

export function decodeEnd(payload: Buffer): EndRecord {
  const { meta, rest } = decodeMeta<Omit<EndRecord, keyof PartRecord>>(payload)
  return { ...meta, ...decodePart(rest) }
}

function encodeMeta(meta: unknown): Buffer[] {
  const json = Buffer.from(JSON.stringify(meta))
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32LE(json.length, 0)
  return [length, json]
}

function decodeMeta<T>(payload: Buffer): { meta: T; rest: Buffer } {
  const end = 4 + payload.readUInt32LE(0)
  return { meta: JSON.parse(payload.toString('utf8', 4, end)) as T, rest: payload.subarray(end) }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
