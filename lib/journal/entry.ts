import { checkFrame, frameHeaderBytes, type FramePlace, type FrameType, type RawFrame } from './frame'
import type { Segment } from './segment'

/** Where a frame is. */
export interface FrameLocation {
  readonly segment: Segment
  readonly type: FrameType
  /** Of the frame's header. */
  readonly offset: number
  readonly payloadLength: number
}

/** A frame on its way to the disk. */
export interface FrameWrite {
  readonly type: FrameType
  readonly requestId: string
  readonly payload: readonly Buffer[]
  readonly payloadLength: number
  /** Called in the turn in which the write ended; null where the disk refused. */
  readonly settle: (location: FrameLocation | null) => void
}

export interface FrameSink {
  append(frame: FrameWrite): void
  hasRoomFor(bodyBytes: number): boolean
  dropIfUnused(segment: Segment): void
  quarantine(name: string, bytes: Buffer): Promise<void>
}

/** Where an exchange is written while it runs. */
export interface ExchangeLog {
  /** False once something was refused: the exchange cannot be read back whole. */
  readonly isWhole: boolean
  /** Whether so many bytes of a body may be appended. */
  hasRoomFor(bodyBytes: number): boolean
  /** Never rejects; resolves when the frame is in the page cache (or on disk, with strict syncing) or was refused. */
  append(type: FrameType, payload: readonly Buffer[]): Promise<void>
  /** Where its frames are. */
  readonly places: readonly FramePlace[]
  read(): Promise<RawFrame[]>
  release(): void
  /** Copies the raw frames aside, for a person to look at. */
  quarantine(): Promise<void>
}

/** For hosts without a lasting disk: everything stays in memory. */
export const memoryOnly: ExchangeLog = {
  isWhole: false,
  hasRoomFor: () => true,
  places: [],
  append: async () => undefined,
  read: async () => [],
  release: () => undefined,
  quarantine: async () => undefined,
}

/** The frames of one exchange: where they are, and the hold on the segments they are in. */
export class JournalEntry implements ExchangeLog {
  private readonly frames: FrameLocation[] = []
  private readonly held = new Set<Segment>()
  private isLost = false

  constructor(
    readonly requestId: string,
    private readonly journal: FrameSink,
  ) {}

  get isWhole(): boolean {
    return !this.isLost
  }

  get places(): readonly FramePlace[] {
    return this.frames.map(placeOf)
  }

  hasRoomFor(bodyBytes: number): boolean {
    return this.journal.hasRoomFor(bodyBytes)
  }

  append(type: FrameType, payload: readonly Buffer[]): Promise<void> {
    const payloadLength = payload.reduce((total, piece) => total + piece.length, 0)
    return new Promise((resolve) => {
      this.journal.append({
        type,
        requestId: this.requestId,
        payload,
        payloadLength,
        settle: (location) => {
          if (location) this.add(location)
          else this.isLost = true
          resolve()
        },
      })
    })
  }

  add(location: FrameLocation): void {
    this.frames.push(location)
    if (this.held.has(location.segment)) return
    this.held.add(location.segment)
    location.segment.users += 1
  }

  /** The frames in order of writing, each checked against its CRC again. */
  async read(): Promise<RawFrame[]> {
    const frames: RawFrame[] = []
    for (const location of this.frames) frames.push(await readFrame(location))
    return frames
  }

  async quarantine(): Promise<void> {
    const pieces: Buffer[] = []
    for (const { segment, offset, payloadLength } of this.frames) {
      pieces.push(await segment.read(offset, frameHeaderBytes + payloadLength))
    }
    await this.journal.quarantine(`exchange-${this.requestId}`, Buffer.concat(pieces))
  }

  /** Lets go of the segments; those that nobody needs any more are removed. */
  release(): void {
    for (const segment of this.held) {
      segment.users -= 1
      this.journal.dropIfUnused(segment)
    }
    this.held.clear()
  }
}

async function readFrame(location: FrameLocation): Promise<RawFrame> {
  const { segment, offset, payloadLength } = location
  return checkFrame(await segment.read(offset, frameHeaderBytes + payloadLength), placeOf(location))
}

function placeOf({ segment, type, offset, payloadLength }: FrameLocation): FramePlace {
  return { file: segment.file, marker: segment.marker, type, offset, payloadLength }
}
