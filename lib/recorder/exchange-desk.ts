import { ByteBudget } from '@/lib/byte-budget'
import type { ExchangeLog } from '@/lib/journal/entry'
import { log } from '@/lib/log'
import type { Clock, ExchangeBegin } from '@/lib/proxy/ports'
import type { ExchangeIntake, OpenIntake } from './exchange-intake'
import { LiveExchange } from './live-exchange'
import { intakeHere, type IntakeOptions } from './open-intake'
import type { LinkedRow } from './request-row'

export type RecordedListener = (rows: readonly LinkedRow[]) => void

export interface DeskOptions extends IntakeOptions {
  /** Who brings exchanges into the database; by default this thread, with the options above. */
  readonly openIntake?: OpenIntake
  readonly clock?: Pick<Clock, 'now' | 'monotonic'>
  /** Bytes of all exchanges together that stay in memory besides the journal. */
  readonly memoryBytes?: number
}

const defaultMemoryBytes = 32 * 1024 * 1024
/** Where the journal is read anyway, memory is for what the disk refuses. */
const memoryBytesBesideJournal = 8 * 1024 * 1024

/** The exchanges that run now, their way to the intake, and who wants to hear of the committed ones. */
export class ExchangeDesk {
  readonly intake: ExchangeIntake
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** What exchanges may hold in memory; who finds it empty leaves its bytes to the journal. */
  private readonly budget: ByteBudget
  private readonly live = new Set<LiveExchange>()
  private readonly listeners = new Set<RecordedListener>()
  /** Exchanges whose end is on its way into the journal. */
  private endingCount = 0

  constructor(options: DeskOptions) {
    this.clock = options.clock ?? { now: Date.now, monotonic: () => performance.now() }
    const { openIntake = intakeHere(options) } = options
    this.intake = openIntake({ now: this.clock.now, onRecorded: (rows) => this.tell(rows) })
    const usual = this.intake.readsJournal ? memoryBytesBesideJournal : defaultMemoryBytes
    this.budget = new ByteBudget(options.memoryBytes ?? usual)
  }

  begin(begin: ExchangeBegin, entry: ExchangeLog): LiveExchange {
    const exchange: LiveExchange = new LiveExchange(begin, {
      entry,
      clock: this.clock,
      budget: this.budget,
      readsJournal: this.intake.readsJournal,
      onEnding: () => (this.endingCount += 1),
      onEnd: (finished) => {
        this.endingCount -= 1
        this.live.delete(exchange)
        this.intake.push([finished])
      },
    })
    this.live.add(exchange)
    return exchange
  }

  /** Exchanges that have ended and are not in the database. */
  get pendingCount(): number {
    return this.endingCount + this.intake.pendingCount
  }

  endAll(): void {
    for (const exchange of this.live) exchange.endInterrupted()
  }

  /** Ends exchanges that nobody ended and nobody feeds any more: their door lost them. */
  endForgotten(afterMs: number): void {
    const oldest = this.clock.monotonic() - afterMs
    for (const exchange of this.live) if (exchange.lastActiveMs < oldest) exchange.endInterrupted()
  }

  onRecorded(listener: RecordedListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(rows: readonly LinkedRow[]): void {
    for (const listener of this.listeners) {
      try {
        listener(rows)
      } catch (error) {
        log().error({ error }, 'a listener of the recorder failed')
      }
    }
  }
}
