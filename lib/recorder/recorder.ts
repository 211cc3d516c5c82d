import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { memoryOnly } from '@/lib/journal/entry'
import { Journal, type JournalSettings } from '@/lib/journal/journal'
import { adoptOrphans, claimDirectory, type OwnDirectory } from '@/lib/journal/owner'
import { log } from '@/lib/log'
import type { ExchangeBegin, Recording } from '@/lib/proxy/ports'
import { ExchangeDesk, type DeskOptions, type RecordedListener } from './exchange-desk'
import type { IntakeTroubles } from './exchange-intake'
import { adoptExchanges } from './adopt-exchanges'
import type { ThreadMemory } from './thread-memory'

interface RecorderStatus extends IntakeTroubles {
  /** Ended, not in the database. */
  readonly pending: number
  /** Age of the oldest of these. */
  readonly lagMs: number
  readonly journalBytes: number
  /** No request can be promised a record now: turn new ones away. */
  readonly isFull: boolean
  /** Writes that the journal's disk refused, since the start. */
  readonly journalFailures: number
  /** Of the thread that records; null = there is none, or it has just begun. */
  readonly threadMemory: ThreadMemory | null
}

export interface Recorder {
  /** From here on the exchange will have a row, whatever happens. */
  record(begin: ExchangeBegin): Recording
  status(): RecorderStatus
  /** Calls with the rows just committed; answers how to stop listening. */
  onRecorded(listener: RecordedListener): () => void
  /** Resolves when everything that ended so far is in the database. */
  flush(): Promise<void>
  /** Writes out the journal, gives the database a short time, and lets go. What is left waits for the next start. */
  close(): Promise<void>
}

export interface RecorderOptions extends DeskOptions {
  readonly dataDir: string
  readonly journal?: Partial<Omit<JournalSettings, 'directory'>>
  /** How long `close` waits for the database. */
  readonly closeWithinMs?: number
}

/** Finished exchanges that may wait; each costs some hundred bytes of memory, wherever its body is. */
const maxPending = 100_000
const adoptEveryMs = 60_000
const closeWithinMs = 5_000

/** Opens the recorder of this process: a journal of its own, and what dead processes left in theirs. */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const root = path.join(options.dataDir, 'journal')
  return new JournaledRecorder(root, await claimDirectory(root), options)
}

/**
 * For hosts without a lasting disk: records from memory, right after the answer. There, keep the process until
 * `flush` is done (`after(() => recorder.flush())`): what the host ends before that is lost.
 */
export function openDirectRecorder(options: DeskOptions = {}): Recorder {
  const desk = new ExchangeDesk({ memoryBytes: directMemoryBytes, ...options })
  return {
    record: (begin) => desk.begin(begin, memoryOnly),
    status: () => ({ ...statusOf(desk), journalBytes: 0, journalFailures: 0 }),
    onRecorded: (listener) => desk.onRecorded(listener),
    flush: async () => {
      // An exchange reaches the intake a turn after its end.
      await delay(0)
      await desk.intake.flush()
    },
    close: async () => {
      desk.endAll()
      await delay(0)
      await within(closeWithinMs, desk.intake.flush())
      await within(closeWithinMs, desk.intake.stop())
    },
  }
}

const directMemoryBytes = 256 * 1024 * 1024

function statusOf({ intake, pendingCount: pending }: ExchangeDesk) {
  const { lagMs, troubles, memory: threadMemory } = intake
  return { pending, lagMs, ...troubles, isFull: pending >= maxPending, threadMemory }
}

class JournaledRecorder implements Recorder {
  private readonly journal: Journal
  private readonly desk: ExchangeDesk
  private readonly timers: NodeJS.Timeout[]
  /** Directories of dead processes, and their release once it is under way. */
  private readonly adopted = new Map<OwnDirectory, Promise<void> | null>()
  private adopting: Promise<void>
  private closing: Promise<void> | null = null

  constructor(
    private readonly root: string,
    private readonly own: OwnDirectory,
    private readonly options: RecorderOptions,
  ) {
    const variables = env()
    this.journal = new Journal({
      directory: own.directory,
      maxBytes: variables.JOURNAL_MAX_BYTES,
      fullPolicy: variables.JOURNAL_FULL_POLICY,
      fsync: variables.JOURNAL_FSYNC,
      ...options.journal,
    })
    this.desk = new ExchangeDesk(options)
    this.adopting = this.adopt()
    const forget = () => this.desk.endForgotten(variables.STORAGE_ADAPTER_RETENTION_MS)
    this.timers = [
      setInterval(() => void (this.adopting = this.adopting.then(() => this.adopt())), adoptEveryMs).unref(),
      setInterval(forget, variables.STORAGE_ADAPTER_CLEANUP_MS).unref(),
    ]
  }

  record(begin: ExchangeBegin): Recording {
    return this.desk.begin(begin, this.journal.entry(begin.requestId))
  }

  status(): RecorderStatus {
    const { byteLength: journalBytes, failures: journalFailures } = this.journal
    const status = statusOf(this.desk)
    return { ...status, isFull: status.isFull || this.journal.isFull, journalBytes, journalFailures }
  }

  onRecorded(listener: RecordedListener): () => void {
    return this.desk.onRecorded(listener)
  }

  async flush(): Promise<void> {
    await this.adopting
    await this.journal.flush()
    await this.desk.intake.flush()
  }

  close(): Promise<void> {
    return (this.closing ??= this.letGo())
  }

  private async letGo(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await this.adopting
    this.desk.endAll()
    await this.journal.flush()
    await within(this.options.closeWithinMs ?? closeWithinMs, this.desk.intake.flush())
    await within(closeWithinMs, this.desk.intake.stop())
    await this.journal.close()
    for (const orphan of this.adopted.keys()) await this.giveBack(orphan)
    await this.own.release()
  }

  private async adopt(): Promise<void> {
    try {
      for await (const orphan of adoptOrphans(this.root)) await this.takeOver(orphan)
    } catch (error) {
      log().error({ error }, 'the journal of an earlier process cannot be read; it is tried again later')
    }
  }

  private async takeOver(orphan: OwnDirectory): Promise<void> {
    this.adopted.set(orphan, null)
    try {
      const exchanges = await adoptExchanges(orphan.directory, this.journal)
      if (exchanges.length > 0)
        log().info({ exchanges: exchanges.length }, 'recording what an earlier process left in its journal')
      this.desk.intake.push(exchanges)
    } catch (error) {
      await this.giveBack(orphan)
      throw error
    }
    void this.desk.intake.flush().then(() => this.giveBack(orphan))
  }

  /** An empty directory disappears; another one is an orphan again. */
  private giveBack(orphan: OwnDirectory): Promise<void> {
    const going = this.adopted.get(orphan) ?? this.release(orphan)
    this.adopted.set(orphan, going)
    return going.finally(() => this.adopted.delete(orphan))
  }

  private async release(orphan: OwnDirectory): Promise<void> {
    try {
      await this.journal.flush()
      await orphan.release()
    } catch (error) {
      log().warn(
        { error },
        'the recorded journal of an earlier process could not be removed; the next start looks at it',
      )
    }
  }
}

/** Waits for the work, but not longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const limit = new AbortController()
  await Promise.race([work, delay(ms, undefined, { signal: limit.signal }).catch(() => undefined)])
  limit.abort()
}
