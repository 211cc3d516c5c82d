import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import type { Clock, ExchangeBegin, Recording } from '@/lib/proxy/ports'
import { ByteBudget } from './byte-budget'
import type { Drain } from './drain'
import { Journal, type JournalSettings } from './journal'
import { adoptOrphans, claimDirectory, type OwnDirectory } from './journal-owner'
import { LiveExchange } from './live-exchange'
import { openDrain, type DrainOptions } from './open-drain'
import { replayDirectory } from './replay-journal'
import type { RequestRow } from './request-row'

export interface RecorderStatus {
  /** Ended, not in the database. */
  readonly pending: number
  /** Age of the oldest of these. */
  readonly lagMs: number
  readonly journalBytes: number
  /** No request can be promised a record now: turn new ones away. */
  readonly isFull: boolean
  /** Exchanges of which a body was not kept for lack of room, since the start. */
  readonly droppedBodies: number
  /** Exchanges that could not be recorded and were set aside, since the start. */
  readonly quarantined: number
  readonly lastError: string | null
}

export interface Recorder {
  record(begin: ExchangeBegin): Recording
  status(): RecorderStatus
  /** Calls with the rows just committed; answers how to stop listening. */
  onRecorded(listener: (rows: readonly RequestRow[]) => void): () => void
  /** Resolves when everything that ended so far is in the database. */
  flush(): Promise<void>
  /** Writes out the journal, gives the database a short time, and lets go. What is left waits for the next start. */
  close(): Promise<void>
}

export interface RecorderOptions extends Omit<DrainOptions, 'now'> {
  readonly dataDir: string
  readonly clock?: Pick<Clock, 'now' | 'monotonic'>
  readonly journal?: Partial<Omit<JournalSettings, 'directory'>>
  /** Bytes of all exchanges together that stay in memory besides the journal. */
  readonly memoryBytes?: number
  /** How long `close` waits for the database. */
  readonly closeWithinMs?: number
}

const memoryBytes = 32 * 1024 * 1024
/** Finished exchanges that may wait; each costs some hundred bytes of memory, wherever its body is. */
const maxPending = 100_000
const adoptEveryMs = 60_000

/** Opens the recorder of this process: a journal of its own, and what dead processes left in theirs. */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const root = path.join(options.dataDir, 'journal')
  return new JournaledRecorder(root, await claimDirectory(root), options)
}

class JournaledRecorder implements Recorder {
  private readonly journal: Journal
  private readonly drain: Drain
  private readonly budget: ByteBudget
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>
  private readonly live = new Set<LiveExchange>()
  private readonly listeners = new Set<(rows: readonly RequestRow[]) => void>()
  private readonly timers: NodeJS.Timeout[]
  private adopting: Promise<void>
  private closing: Promise<void> | null = null

  constructor(
    private readonly root: string,
    private readonly own: OwnDirectory,
    private readonly options: RecorderOptions,
  ) {
    const { JOURNAL_MAX_BYTES, JOURNAL_FULL_POLICY, JOURNAL_FSYNC, STORAGE_ADAPTER_CLEANUP_MS } = env()
    this.journal = new Journal({
      directory: own.directory,
      maxBytes: JOURNAL_MAX_BYTES,
      fullPolicy: JOURNAL_FULL_POLICY,
      fsync: JOURNAL_FSYNC,
      ...options.journal,
    })
    this.clock = options.clock ?? { now: Date.now, monotonic: () => performance.now() }
    this.budget = new ByteBudget(options.memoryBytes ?? memoryBytes)
    this.drain = openDrain({ ...options, now: this.clock.now }, (rows) => this.tell(rows))
    this.adopting = this.adopt()
    this.timers = [
      setInterval(() => void (this.adopting = this.adopting.then(() => this.adopt())), adoptEveryMs).unref(),
      setInterval(() => this.endForgotten(), STORAGE_ADAPTER_CLEANUP_MS).unref(),
    ]
  }

  record(begin: ExchangeBegin): Recording {
    const exchange: LiveExchange = new LiveExchange(begin, {
      entry: this.journal.entry(begin.requestId),
      clock: this.clock,
      budget: this.budget,
      drop: this.journal.keepsBodies ? null : 'journal_full',
      onEnd: (finished) => {
        this.live.delete(exchange)
        this.drain.push(finished)
      },
    })
    this.live.add(exchange)
    return exchange
  }

  status(): RecorderStatus {
    const { pendingCount, lagMs, droppedBodies, quarantined, lastError } = this.drain
    const isFull = this.journal.isFull || pendingCount >= maxPending
    return {
      pending: pendingCount,
      lagMs,
      journalBytes: this.journal.byteLength,
      isFull,
      droppedBodies,
      quarantined,
      lastError,
    }
  }

  onRecorded(listener: (rows: readonly RequestRow[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async flush(): Promise<void> {
    await this.adopting
    await this.journal.flush()
    await this.drain.flush()
  }

  close(): Promise<void> {
    return (this.closing ??= this.letGo())
  }

  private async letGo(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await this.adopting
    for (const exchange of this.live) exchange.endInterrupted()
    await this.journal.flush()
    await within(this.options.closeWithinMs ?? 5_000, this.drain.flush())
    await within(2_000, this.drain.stop())
    await this.journal.close()
    await this.own.release()
  }

  private async adopt(): Promise<void> {
    try {
      for (const orphan of await adoptOrphans(this.root)) {
        const exchanges = await replayDirectory(orphan.directory, this.journal)
        if (exchanges.length > 0)
          log().info({ exchanges: exchanges.length }, 'recording what an earlier process left in its journal')
        this.drain.push(...exchanges)
        void this.drain
          .flush()
          .then(() => this.journal.flush())
          .then(() => orphan.release())
      }
    } catch (error) {
      log().error({ error }, 'the journal of an earlier process cannot be read; it is tried again later')
    }
  }

  /** An exchange that nobody ended and nobody feeds any more: its door lost it. */
  private endForgotten(): void {
    const oldest = this.clock.monotonic() - env().STORAGE_ADAPTER_RETENTION_MS
    for (const exchange of this.live) if (exchange.lastActiveMs < oldest) exchange.endInterrupted()
  }

  private tell(rows: readonly RequestRow[]): void {
    for (const listener of this.listeners) {
      try {
        listener(rows)
      } catch (error) {
        log().error({ error }, 'a listener of the recorder failed')
      }
    }
  }
}

/** Waits for the work, but not longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const limit = new AbortController()
  await Promise.race([work, delay(ms, undefined, { signal: limit.signal }).catch(() => undefined)])
  limit.abort()
}
