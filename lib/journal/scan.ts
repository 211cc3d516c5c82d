import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { FrameLocation } from './entry'
import { frameHeaderBytes, markerBytes, readFrameHeader, segmentHeaderBytes } from './frame'
import { Segment } from './segment'

export interface FoundFrame extends FrameLocation {
  readonly requestId: string
}

export interface SegmentScan {
  readonly segment: Segment
  readonly frames: readonly FoundFrame[]
  /** What is no whole frame: a torn tail, or bytes that changed on disk. */
  readonly damaged: readonly { readonly offset: number; readonly length: number }[]
}

const windowBytes = 1024 * 1024

/** Finds every whole frame of a segment file, in constant memory, stepping over what is damaged. */
export async function scanSegment(file: string): Promise<SegmentScan> {
  const handle = await open(file, constants.O_RDONLY)
  try {
    const reader = new WindowReader(handle, (await handle.stat()).size)
    const marker = await findMarker(reader)
    const segment = Segment.reopen(file, marker, reader.size)
    const frames: FoundFrame[] = []
    const damaged: { offset: number; length: number }[] = []
    for (let offset = Math.min(segmentHeaderBytes, reader.size); offset < reader.size;) {
      const found = await readFrameAt(reader, marker, offset)
      if (found) {
        frames.push({ ...found, segment })
        offset += frameHeaderBytes + found.payloadLength
        continue
      }
      const next = await reader.indexOf(marker, offset + 1)
      damaged.push({ offset, length: next - offset })
      offset = next
    }
    return { segment, frames, damaged }
  } finally {
    await handle.close()
  }
}

/** The marker stands in the header and in every frame: one of the two survives a damaged byte. */
async function findMarker(reader: WindowReader): Promise<Buffer> {
  const fromHeader = Buffer.from(await reader.read(segmentHeaderBytes - markerBytes, markerBytes))
  const fromFrame = Buffer.from(await reader.read(segmentHeaderBytes, markerBytes))
  const isFrameRight = fromFrame.length === markerBytes && (await readFrameAt(reader, fromFrame, segmentHeaderBytes))
  return isFrameRight ? fromFrame : fromHeader
}

async function readFrameAt(reader: WindowReader, marker: Buffer, offset: number) {
  const header = readFrameHeader(marker, await reader.read(offset, frameHeaderBytes))
  if (!header) return null
  const { type, requestId, payloadLength } = header
  const start = offset + frameHeaderBytes
  if (start + payloadLength > reader.size) return null
  let crc = header.seed
  for (let done = 0; done < payloadLength;) {
    const piece = await reader.read(start + done, Math.min(windowBytes, payloadLength - done))
    crc = crc32(piece, crc)
    done += piece.length
  }
  return crc === header.crc ? { type, requestId, offset, payloadLength } : null
}

/** Reads a file through one window of fixed size. */
class WindowReader {
  private readonly window: Buffer
  private start = 0
  private length = 0

  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {
    this.window = Buffer.allocUnsafe(Math.min(windowBytes, size))
  }

  /** A view that the next call overwrites; shorter than asked at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (offset < this.start || offset + length > this.start + this.length) await this.load(offset)
    return this.window.subarray(offset - this.start, Math.min(offset - this.start + length, this.length))
  }

  /** Where `bytes` stand next, or the end of the file. */
  async indexOf(bytes: Buffer, from: number): Promise<number> {
    for (let offset = from; offset < this.size; offset += windowBytes - bytes.length) {
      const index = (await this.read(offset, windowBytes)).indexOf(bytes)
      if (index >= 0) return offset + index
    }
    return this.size
  }

  private async load(offset: number): Promise<void> {
    this.start = offset
    this.length = 0
    while (this.length < this.window.length) {
      const place = offset + this.length
      const { bytesRead } = await this.handle.read(this.window, this.length, this.window.length - this.length, place)
      if (bytesRead === 0) return
      this.length += bytesRead
    }
  }
}
