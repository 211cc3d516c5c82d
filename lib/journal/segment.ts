import { constants } from 'node:fs'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { magic, makeSegmentHeader, markerBytes, segmentHeaderBytes } from './frame'

/** One file of the journal. Knows its bytes, not what they mean. */
export class Segment {
  /** Exchanges that have frames here and are not recorded yet; the file lives as long as there are any. */
  users = 0

  /** Apart from any larger buffer: it goes to another thread with every place, and all that it is a part of with it. */
  readonly marker = Buffer.alloc(markerBytes)
  private handle: Promise<FileHandle> | null
  /** Where the next frame goes: the end of the last whole group. */
  private length: number

  private constructor(
    readonly file: string,
    marker: Buffer,
    start: { handle: FileHandle | null; length: number },
  ) {
    marker.copy(this.marker)
    this.handle = start.handle && Promise.resolve(start.handle)
    this.length = start.length
  }

  /** A new, empty segment, its name synced so that a power cut cannot lose the file. */
  static async create(file: string): Promise<Segment> {
    const handle = await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600)
    try {
      const header = makeSegmentHeader()
      await writeFully(handle, [header], 0)
      await syncDirectory(path.dirname(file))
      return new Segment(file, header.subarray(magic.length), { handle, length: segmentHeaderBytes })
    } catch (error) {
      await handle.close()
      await unlink(file).catch(() => undefined)
      throw error
    }
  }

  /** A segment that a process left behind; only read from. */
  static reopen(file: string, marker: Buffer, length: number): Segment {
    return new Segment(file, marker, { handle: null, length })
  }

  get size(): number {
    return this.length
  }

  /** Appends all of it or, where the disk refuses, nothing. Answers where the first byte went. */
  async append(pieces: readonly Buffer[]): Promise<number> {
    const start = this.length
    const handle = await this.opened()
    try {
      await writeFully(handle, pieces, start)
    } catch (error) {
      // Half a frame in the middle would hide what follows; the next group overwrites it if this fails too.
      await handle.truncate(start).catch(() => undefined)
      throw error
    }
    for (const piece of pieces) this.length += piece.length
    return start
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const handle = await this.opened()
    const bytes = Buffer.allocUnsafe(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
      if (bytesRead === 0)
        throw new Error(`${path.basename(this.file)} ends at ${offset + done}, before the frame does`)
      done += bytesRead
    }
    return bytes
  }

  async sync(): Promise<void> {
    await (await this.handle)?.datasync()
  }

  async close(): Promise<void> {
    const { handle } = this
    this.handle = null
    await (await handle)?.close()
  }

  async remove(): Promise<void> {
    await this.close()
    await unlink(this.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }

  private opened(): Promise<FileHandle> {
    return (this.handle ??= open(this.file, constants.O_RDWR).catch((error) => {
      this.handle = null
      throw error
    }))
  }
}

async function writeFully(handle: FileHandle, pieces: readonly Buffer[], position: number): Promise<void> {
  let rest = pieces.filter((piece) => piece.length > 0)
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, position)
    position += bytesWritten
    rest = dropBytes(rest, bytesWritten)
  }
}

/** What is left of the pieces after the first `count` bytes. */
function dropBytes(pieces: readonly Buffer[], count: number): Buffer[] {
  let index = 0
  let left = count
  for (let piece = pieces[0]; piece && left >= piece.length; piece = pieces[++index]) left -= piece.length
  const rest = pieces.slice(index)
  if (rest[0] && left > 0) rest[0] = rest[0].subarray(left)
  return rest
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; there the file system orders this itself.
  const handle = await open(directory, constants.O_RDONLY).catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
