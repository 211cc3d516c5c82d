import { setImmediate as nextTurn } from 'node:timers/promises'
import { classifyFault } from '@/lib/database-fault'
import { log, maskSecrets } from '@/lib/log'
import { pauseMs } from './back-off'
import type { Exchange, FinishedExchange } from './exchange'
import type { IntakeTroubles, ExchangeIntake } from './exchange-intake'
import { Pending } from './pending'
import { prepareBare } from './prepare-exchange'
import type { RebuildCheck } from './rebuild-check'
import { RepeatedRequestError, type BatchOptions, type PreparedExchange } from './record-batch'
import type { LinkedRow } from './request-row'
import { Suspects, type RefusalKind, type Suspect } from './suspects'
import { makeWaker } from './waker'

interface IntakeSettings {
  readonly prepare: (exchange: Exchange) => Promise<PreparedExchange>
  /** Writes a batch in one transaction and answers the rows that are new. */
  readonly write: (batch: readonly PreparedExchange[], options: BatchOptions) => Promise<readonly LinkedRow[]>
  readonly onRecorded: (rows: readonly LinkedRow[]) => void
  /** What was found of bodies that were read back. */
  readonly rebuilds: Pick<RebuildCheck, 'checkedBodies' | 'damagedBodies' | 'whenIdle'>
  readonly now: () => number
}

const batchCount = 64
const batchBytes = 4 * 1024 * 1024
/** How long the first exchange of a batch waits for company: a transaction for each would cost more than the records. */
const lingerMs = 200
/**
 * Brings finished exchanges into the database, in batches, one at a time. An outage is waited out; what is
 * refused for its own reason steps aside and holds up nobody.
 */
export class Intake implements ExchangeIntake {
  readonly readsJournal = false
  readonly memory = null
  private droppedBodies = 0
  private quarantined = 0
  private lastError: string | null = null
  private readonly pending = new Pending()
  private readonly queue: FinishedExchange[] = []
  private readonly suspects = new Suspects()
  private readonly waker = makeWaker()
  private isStopped = false
  private failures = 0
  private readonly running: Promise<void>

  constructor(private readonly settings: IntakeSettings) {
    this.running = this.run()
  }

  get pendingCount(): number {
    return this.pending.size
  }

  get lagMs(): number {
    return this.pending.ageMs(this.settings.now())
  }

  get troubles(): IntakeTroubles {
    const { droppedBodies, quarantined, lastError } = this
    const { checkedBodies, damagedBodies } = this.settings.rebuilds
    return { droppedBodies, quarantined, checkedBodies, damagedBodies, lastError }
  }

  push(finished: readonly FinishedExchange[]): void {
    for (const exchange of finished) {
      this.pending.add(exchange)
      this.queue.push(exchange)
    }
    this.waker.wake()
  }

  flush(): Promise<void> {
    const settled = this.pending.whenSettled()
    this.waker.wake()
    return settled
  }

  /** Ends the loop; what is pending stays where it was. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.waker.wake()
    await this.running
    await this.settings.rebuilds.whenIdle()
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const suspect = this.suspects.takeDue()
      if (suspect) await this.recordSuspect(suspect)
      else if (this.queue.length > 0) await this.recordBatch(await this.takeBatch())
      else await this.waker.sleep(this.suspects.nextDueMs(), this.pending.size === 0)
    }
  }

  private async takeBatch(): Promise<FinishedExchange[]> {
    if (this.queue.length < batchCount && !this.pending.isAwaited && !this.isStopped) await this.waker.sleep(lingerMs)
    let bytes = 0
    let count = 0
    for (const { byteLength } of this.queue) {
      bytes += byteLength
      if (count >= batchCount || (count > 0 && bytes > batchBytes)) break
      count += 1
    }
    // Within a batch in order of arrival, so that a conversation's requests are linked in their order.
    return this.queue.splice(0, count).sort((one, other) => (one.requestId < other.requestId ? -1 : 1))
  }

  /** A fault of our own must end neither the loop nor the process. */
  private async recordBatch(batch: readonly FinishedExchange[]): Promise<void> {
    try {
      await this.recordAll(batch)
    } catch (error) {
      log().error({ error }, 'the recorder stumbled over a batch; its requests are tried one by one')
      for (const finished of batch) if (this.pending.has(finished)) this.suspects.add(finished)
    }
  }

  private async recordAll(batch: readonly FinishedExchange[]): Promise<void> {
    const prepared = await this.prepareAll(batch)
    const refusal = await this.writeUntilDone(prepared)
    if (!refusal) return
    // Somebody in there is refused: find out who, and let the others pass.
    for (const one of prepared) {
      const own = prepared.length === 1 ? refusal : await this.writeUntilDone([one])
      if (own) this.suspect(one.finished, own)
    }
  }

  private async prepareAll(batch: readonly FinishedExchange[]): Promise<Ready[]> {
    const ready: Ready[] = []
    for (const finished of batch) {
      try {
        const exchange = await finished.load()
        ready.push({ finished, prepared: await this.settings.prepare(exchange) })
      } catch (error) {
        this.suspect(finished, { kind: 'record', error })
      }
      // Streams first: a batch must not hold up the process in one piece.
      await nextTurn()
    }
    return ready
  }

  /** Tries through outages and conflicts; answers the fault when the batch itself is refused. */
  private async writeUntilDone(batch: readonly Ready[]): Promise<Refusal | null> {
    if (batch.length === 0) return null
    const prepared = batch.map((one) => one.prepared)
    const finished = batch.map((one) => one.finished)
    let isRepeat = finished.some((one) => one.isRepeat)
    for (let attempt = 0; !this.isStopped; attempt += 1) {
      try {
        const rows = await this.settings.write(prepared, { isRepeat })
        this.droppedBodies += countLost(prepared, rows)
        this.done(finished, rows)
        return null
      } catch (error) {
        isRepeat = true
        if (error instanceof RepeatedRequestError) continue
        const kind = classifyFault(error)
        if (kind === 'record' || kind === 'unknown') return { kind, error }
        this.noteOutage(error)
        await this.pause(kind === 'conflict' ? Math.min(attempt, 3) : attempt)
      }
    }
    this.queue.unshift(...finished)
    return null
  }

  private async recordSuspect(suspect: Suspect): Promise<void> {
    const { finished, isBare } = suspect
    let refusal: Refusal | null
    try {
      const exchange = await finished.load()
      const prepared = isBare ? prepareBare(exchange) : await this.settings.prepare(exchange)
      refusal = await this.writeUntilDone([{ finished, prepared }])
    } catch (error) {
      refusal = { kind: 'record', error }
    }
    if (refusal) await this.refuseSuspect(suspect, refusal)
  }

  private suspect(finished: FinishedExchange, { error }: Refusal): void {
    this.lastError = describe(error)
    log().warn({ error, requestId: finished.requestId }, 'a request is refused; it is tried again alone')
    this.suspects.add(finished)
  }

  private async refuseSuspect(suspect: Suspect, { kind, error }: Refusal): Promise<void> {
    this.lastError = describe(error)
    const next = this.suspects.refuse(suspect, kind)
    const { requestId } = suspect.finished
    if (next === 'bare') log().error({ error, requestId }, 'a request is refused; its row is tried without bodies')
    if (next === 'hopeless') await this.setAside(suspect.finished, error)
  }

  private async setAside(finished: FinishedExchange, error: unknown): Promise<void> {
    log().error({ error, requestId: finished.requestId }, 'a request cannot be recorded; it is set aside')
    this.quarantined += 1
    try {
      await finished.quarantine()
      finished.release()
    } catch (cause) {
      log().error({ error: cause }, 'its raw copy could not be written; it stays in the journal for the next start')
    }
    this.pending.settle([finished])
  }

  private done(batch: readonly FinishedExchange[], rows: readonly LinkedRow[]): void {
    if (this.failures > 0) log().info({ pending: this.pending.size }, 'the database takes records again')
    this.failures = 0
    for (const finished of batch) finished.release()
    this.pending.settle(batch)
    if (rows.length > 0) this.settings.onRecorded(rows)
  }

  private noteOutage(error: unknown): void {
    this.lastError = describe(error)
    if (this.failures === 0)
      log().warn({ error }, 'the database does not take records now; they are kept until it does')
    this.failures += 1
  }

  private async pause(attempt: number): Promise<void> {
    const untilMs = performance.now() + pauseMs(attempt)
    while (!this.isStopped && performance.now() < untilMs) await this.waker.sleep(untilMs - performance.now())
  }
}

interface Ready {
  readonly finished: FinishedExchange
  readonly prepared: PreparedExchange
}

interface Refusal {
  readonly kind: RefusalKind
  readonly error: unknown
}

/** Of what was recorded just now: a batch may be prepared, and refused, several times. */
function countLost(batch: readonly PreparedExchange[], rows: readonly LinkedRow[]): number {
  const recorded = new Set(rows.map(({ requestId }) => requestId))
  return batch.filter(({ row, hasLostBodies }) => hasLostBodies && recorded.has(row.requestId)).length
}

function describe(error: unknown): string {
  return maskSecrets(error instanceof Error ? error.message : String(error))
}
