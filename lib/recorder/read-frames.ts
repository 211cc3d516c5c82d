import { closeSync, openSync, readSync } from 'node:fs'
import { checkFrame, frameHeaderBytes, type FramePlace, type RawFrame } from './journal-frame'

/**
 * Reads frames of another thread's journal, at once: for a thread that has nothing else to do. A file of the
 * journal stays as long as an exchange in it is not released.
 */
export function readFrames(places: readonly FramePlace[]): RawFrame[] {
  const descriptors = new Map<string, number>()
  const descriptorOf = (file: string) => {
    const descriptor = descriptors.get(file) ?? openSync(file, 'r')
    descriptors.set(file, descriptor)
    return descriptor
  }
  try {
    return places.map((place) => checkFrame(readPlace(descriptorOf(place.file), place), place))
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor)
  }
}

function readPlace(descriptor: number, { offset, payloadLength }: FramePlace): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + payloadLength)
  for (let done = 0; done < bytes.length;) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, offset + done)
    if (count === 0) return bytes.subarray(0, done)
    done += count
  }
  return bytes
}
