import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { log } from '@/lib/log'
import { JournalEntry, type FrameSink, type FrameWrite } from './entry'
import { frameHeaderBytes, makeFrameHeader } from './frame'
import { quarantineName } from './owner'
import { Segment } from './segment'

export interface JournalSettings {
  /** Of this process alone. */
  readonly directory: string
  readonly maxBytes: number
  readonly fullPolicy: 'shed' | 'drop-body'
  readonly fsync: 'group' | 'strict'
  readonly segmentBytes?: number
}

const defaultSegmentBytes = 64 * 1024 * 1024
/** A segment of which nothing is needed any more is replaced early, so that an idle proxy keeps no old bodies. */
const recycleBytes = 4 * 1024 * 1024
const groupBytes = 8 * 1024 * 1024
const syncWithinMs = 40
/** After a failed write, one request a second is let in to find out whether the disk is back. */
const retryAfterMs = 1_000
/** With `drop-body`, this share of the cap is kept for rows without bodies. */
const metadataShare = 0.1

/**
 * The append-only log of what passed through: writes are gathered and go out in groups, the caller's
 * stream never waits for the disk. `append` does not fail; it settles with null where the disk refused.
 */
export class Journal implements FrameSink {
  private readonly queue: FrameWrite[] = []
  private unwrittenBytes = 0
  private readonly segments = new Set<Segment>()
  private readonly removals = new Set<Promise<void>>()
  private active: Segment | null = null
  /** A group is on its way into it: it stays, though nobody may use it yet. */
  private writing: Segment | null = null
  private pumping: Promise<void> | null = null
  private syncTimer: NodeJS.Timeout | null = null
  private isClosed = false
  private sequence = 0
  /** When the disk last refused, by what it refused. */
  private readonly failedAtMs = new Map<'write' | 'sync', number>()
  private failureCount = 0

  constructor(private readonly settings: JournalSettings) {}

  /** The bytes on disk that are not known to be in the database. */
  get byteLength(): number {
    let total = 0
    for (const segment of this.segments) total += segment.size
    return total
  }

  /** Writes that the disk refused since the start. */
  get failures(): number {
    return this.failureCount
  }

  /** New requests cannot be promised a record now. */
  get isFull(): boolean {
    if (this.byteLength >= this.settings.maxBytes) return true
    if (this.settings.fullPolicy === 'drop-body') return false
    return [...this.failedAtMs.values()].some((atMs) => performance.now() - atMs < retryAfterMs)
  }

  /** With policy `shed` there always is, until the journal is full. What waits to be written counts as written. */
  hasRoomFor(bodyBytes: number): boolean {
    const { fullPolicy, maxBytes } = this.settings
    if (fullPolicy === 'shed') return true
    return this.byteLength + this.unwrittenBytes + bodyBytes <= maxBytes * (1 - metadataShare)
  }

  entry(requestId: string): JournalEntry {
    return new JournalEntry(requestId, this)
  }

  append(frame: FrameWrite): void {
    if (this.isClosed) return frame.settle(null)
    this.queue.push(frame)
    this.unwrittenBytes += frame.payloadLength
    // At once: what comes while a write is under way goes out together in the next one.
    this.pumping ??= this.pump()
  }

  /** Waits until everything appended so far is written and synced, and what nobody needs is removed. */
  async flush(): Promise<void> {
    while (this.pumping) await this.pumping
    await this.sync()
    await Promise.all(this.removals)
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.flush()
    if (this.syncTimer) clearTimeout(this.syncTimer)
    this.syncTimer = null
    const { active } = this
    this.active = null
    if (active) this.dropIfUnused(active)
    await Promise.all([...this.removals, ...[...this.segments].map((segment) => segment.close())])
  }

  /** Takes in a segment that was found on disk. */
  adopt(segment: Segment): void {
    this.segments.add(segment)
  }

  /** Keeps bytes that cannot be recorded, for a person to look at. */
  async quarantine(name: string, bytes: Buffer): Promise<void> {
    const directory = path.join(path.dirname(this.settings.directory), quarantineName)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(path.join(directory, name), bytes, { mode: 0o600 })
  }

  dropIfUnused(segment: Segment): void {
    if (segment.users > 0 || segment === this.writing || !this.segments.has(segment)) return
    if (segment === this.active) {
      // A small journal must not be full of what is recorded already.
      if (segment.size < Math.min(recycleBytes, this.settings.maxBytes / 8) || this.pumping) return
      this.active = null
    }
    this.segments.delete(segment)
    const removal = segment
      .remove()
      .catch((error) => log().warn({ error }, 'a recorded journal segment could not be removed'))
      .finally(() => this.removals.delete(removal))
    this.removals.add(removal)
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0) await this.writeGroup(takeGroup(this.queue))
    this.pumping = null
    if (this.active) this.dropIfUnused(this.active)
  }

  private async writeGroup(group: readonly FrameWrite[]): Promise<void> {
    try {
      const segment = await this.openWritable()
      let offset = await segment.append(
        group.flatMap((frame) => [makeFrameHeader(segment.marker, frame), ...frame.payload]),
      )
      if (this.settings.fsync === 'strict') await segment.sync()
      else this.syncSoon()
      this.noteSuccess('write')
      for (const { type, payloadLength, settle } of group) {
        settle({ segment, type, offset, payloadLength })
        offset += frameHeaderBytes + payloadLength
      }
    } catch (error) {
      this.noteFailure('write', error)
      for (const frame of group) frame.settle(null)
    } finally {
      for (const frame of group) this.unwrittenBytes -= frame.payloadLength
      this.closeWritable()
    }
  }

  /** Held until `closeWritable`. */
  private async openWritable(): Promise<Segment> {
    const { active } = this
    if (active && active.size < (this.settings.segmentBytes ?? defaultSegmentBytes)) return (this.writing = active)
    if (active) {
      await active.sync()
      this.active = null
      this.dropIfUnused(active)
    }
    this.sequence += 1
    await mkdir(this.settings.directory, { recursive: true, mode: 0o700 })
    const file = path.join(this.settings.directory, `${String(this.sequence).padStart(8, '0')}.segment`)
    this.active = await Segment.create(file)
    this.segments.add(this.active)
    return (this.writing = this.active)
  }

  private closeWritable(): void {
    const { writing } = this
    this.writing = null
    if (writing) this.dropIfUnused(writing)
  }

  private syncSoon(): void {
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = null
      void this.sync()
    }, syncWithinMs)
  }

  private async sync(): Promise<void> {
    const { active } = this
    try {
      await active?.sync()
      this.noteSuccess('sync')
    } catch (error) {
      this.noteFailure('sync', error)
      // What a file system forgot after a failed sync is unknown: the next frames go to a new file.
      if (active && this.active === active) {
        this.active = null
        this.dropIfUnused(active)
      }
    }
  }

  private noteFailure(kind: 'write' | 'sync', error: unknown): void {
    this.failureCount += 1
    if (!this.failedAtMs.has(kind))
      log().error({ error }, `the journal cannot ${kind}; requests are recorded from memory as long as there is room`)
    this.failedAtMs.set(kind, performance.now())
  }

  private noteSuccess(kind: 'write' | 'sync'): void {
    if (this.failedAtMs.delete(kind)) log().info(`the journal can ${kind} again`)
  }
}

/** As many frames as fit into one write. */
function takeGroup(queue: FrameWrite[]): FrameWrite[] {
  let bytes = 0
  let count = 0
  for (const frame of queue) {
    bytes += frame.payloadLength
    if (count > 0 && bytes > groupBytes) break
    count += 1
  }
  return queue.splice(0, count)
}
