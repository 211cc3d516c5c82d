import { closeSync, openSync, readSync } from 'node:fs'
import { checkFrame, frameHeaderBytes, type FramePlace, type RawFrame } from './frame'

/**
 * Reads frames of another thread's journal, at once: for a thread that has nothing else to do. A file of the
 * journal stays as long as an exchange in it is not released. The bytes of a frame are good until the next one is
 * read, but those of a begin for ever.
 */
export function* readFrames(places: readonly FramePlace[]): Generator<RawFrame> {
  const descriptors = new Map<string, number>()
  const descriptorOf = (file: string) => {
    const descriptor = descriptors.get(file) ?? openSync(file, 'r')
    descriptors.set(file, descriptor)
    return descriptor
  }
  let room = Buffer.alloc(0)
  const roomFor = ({ type, payloadLength }: FramePlace) => {
    const length = frameHeaderBytes + payloadLength
    if (type === 'begin') return Buffer.allocUnsafe(length)
    if (room.length < length) room = Buffer.allocUnsafe(length)
    return room.subarray(0, length)
  }
  try {
    for (const place of places) {
      yield checkFrame(readInto(roomFor(place), descriptorOf(place.file), place.offset), place)
    }
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor)
  }
}

/** Less than there is room for where the file ends before. */
function readInto(bytes: Buffer, descriptor: number, offset: number): Buffer {
  for (let done = 0; done < bytes.length;) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, offset + done)
    if (count === 0) return bytes.subarray(0, done)
    done += count
  }
  return bytes
}
