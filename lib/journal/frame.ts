import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * A segment file is a header followed by frames:
 *
 *   header  magic 8 · marker 8
 *   frame   marker 8 · type 1 · exchange id 16 · payload length 4 · CRC-32 4 · payload
 *
 * The marker is random per segment. A reader that lost its place looks for it again, and nobody who sends a
 * request can write a body that contains it. The CRC covers type, id, length and payload.
 */
export const magic = Buffer.from('NEXUSJ01', 'latin1')
export const markerBytes = 8
export const segmentHeaderBytes = magic.length + markerBytes
export const frameHeaderBytes = markerBytes + 25

export type FrameType = 'begin' | 'part' | 'end'
const codes: Record<FrameType, number> = { begin: 1, part: 2, end: 3 }
const types = new Map(Object.entries(codes).map(([type, code]) => [code, type as FrameType]))

interface FrameHeader {
  readonly type: FrameType
  readonly requestId: string
  readonly payloadLength: number
  readonly crc: number
  /** CRC of the covered header fields: the seed for the payload's. */
  readonly seed: number
}

export function makeSegmentHeader(): Buffer {
  return Buffer.concat([magic, randomBytes(markerBytes)])
}

export function makeFrameHeader(
  marker: Buffer,
  frame: { type: FrameType; requestId: string; payload: readonly Buffer[] },
): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes)
  let length = 0
  for (const piece of frame.payload) length += piece.length
  marker.copy(header, 0)
  header.writeUInt8(codes[frame.type], 8)
  header.write(frame.requestId.replaceAll('-', ''), 9, 16, 'hex')
  header.writeUInt32LE(length, 25)
  let crc = crc32(header.subarray(8, 29))
  // An empty array buffer has no address, for which zlib would start the checksum anew.
  for (const piece of frame.payload) if (piece.length > 0) crc = crc32(piece, crc)
  header.writeUInt32LE(crc, 29)
  return header
}

/** Where a frame can be read, by whoever has the file. */
export interface FramePlace {
  readonly file: string
  readonly marker: Uint8Array
  readonly type: FrameType
  /** Of the frame's header. */
  readonly offset: number
  readonly payloadLength: number
}

export interface RawFrame {
  readonly type: FrameType
  readonly payload: Buffer
}

/** The frame in bytes that were read from its place. Throws where they are not what was written there. */
export function checkFrame(bytes: Buffer, { file, marker, type, offset, payloadLength }: FramePlace): RawFrame {
  const header = readFrameHeader(marker, bytes)
  const payload = bytes.subarray(frameHeaderBytes)
  if (header?.payloadLength !== payloadLength || crc32(payload, header.seed) !== header.crc) {
    throw new Error(`the journal frame at ${offset} of ${file} is damaged`)
  }
  return { type, payload }
}

/** null: these bytes are no frame header of this segment. */
export function readFrameHeader(marker: Uint8Array, header: Buffer): FrameHeader | null {
  if (header.length < frameHeaderBytes || !header.subarray(0, markerBytes).equals(marker)) return null
  const type = types.get(header.readUInt8(8))
  if (!type) return null
  const hex = header.toString('hex', 9, 25)
  return {
    type,
    requestId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    payloadLength: header.readUInt32LE(25),
    crc: header.readUInt32LE(29),
    seed: crc32(header.subarray(8, 29)),
  }
}
