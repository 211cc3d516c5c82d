import { setTimeout as delay } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { log } from '@/lib/log'
import { pauseMs } from './back-off'
import type { FromIntake, HandedExchange, ToIntake } from './intake-messages'
import type { FinishedExchange } from './exchange'
import type { IntakeEvents, IntakeTroubles, ExchangeIntake, OpenIntake } from './exchange-intake'
import { Pending } from './pending'
import type { ThreadMemory } from './thread-memory'

interface IntakeThreadOptions {
  /** The program of the thread; it serves an intake to this one (`serveIntake`). */
  readonly file: URL
  /** Its `workerData`. */
  readonly data: unknown
}

/** An intake in a thread of its own: the streams of this one never wait for it. */
export function intakeInThread(options: IntakeThreadOptions): OpenIntake {
  return (events) => new IntakeThread(options, events)
}

/**
 * Half of the usual room for what is short-lived: 40 MB already take a thousand streams beyond 550 MB. Where the
 * machine or the container has less than two gigabytes, it is what the other thread may have.
 */
const resourceLimits = {
  maxYoungGenerationSizeMb: 24,
  maxOldGenerationSizeMb: Math.min(2_000, Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20)),
}

const noTroubles: IntakeTroubles = {
  droppedBodies: 0,
  quarantined: 0,
  checkedBodies: 0,
  damagedBodies: 0,
  lastError: null,
}
/**
 * What a batch holds while the database takes it outlives two collections of the young: left to itself, V8 then marks
 * the whole heap of the thread every 150 requests, as it counts only the pauses and not its helpers' work. With this,
 * a heap of the process is marked when it has grown to two and a half times what was alive.
 */
const heapGrowth = '--heap-growing-percent=150'
/** Threads that died one after the other before exchanges are handed over one by one, to find out which one it is. */
const carefulAfter = 2

/**
 * Holds what is pending until the thread says that it is recorded, so that a thread that died can be replaced: the
 * next one gets it all again. An exchange that was alone in a thread that died is set aside.
 */
class IntakeThread implements ExchangeIntake {
  readonly readsJournal = true
  memory: ThreadMemory | null = null
  private readonly pending = new Pending()
  private readonly handed = new Map<number, FinishedExchange>()
  private worker: Worker
  private ended: Promise<void> = Promise.resolve()
  private lastTicket = 0
  private starts = 0
  /** The thread that runs now has begun its work: whatever ends it is no fault of the installation. */
  private isAtWork = false
  /** Threads that died at work since one of them got on. */
  private deaths = 0
  /** Threads that ended, for whatever reason, since one of them got on. */
  private ends = 0
  /** What the thread was given when it was given one at a time. */
  private alone: number | null = null
  private isStopped = false
  private told = noTroubles
  /** Of threads that died, and what was set aside here. */
  private earlier = noTroubles

  constructor(
    private readonly options: IntakeThreadOptions,
    private readonly events: IntakeEvents,
  ) {
    this.worker = this.start()
  }

  get pendingCount(): number {
    return this.pending.size
  }

  get lagMs(): number {
    return this.pending.ageMs(this.events.now())
  }

  get troubles(): IntakeTroubles {
    return addTroubles(this.earlier, this.told)
  }

  push(finished: readonly FinishedExchange[]): void {
    for (const exchange of finished) this.pending.add(exchange)
    const tickets = finished.map((exchange) => this.giveTicket(exchange))
    if (!this.isCareful) this.hand(tickets)
    else if (this.alone === null) this.handFirst()
  }

  flush(): Promise<void> {
    this.say({ say: 'hurry' })
    return this.pending.whenSettled()
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.say({ say: 'stop' })
    await this.ended
  }

  private get isCareful(): boolean {
    return this.deaths >= carefulAfter
  }

  private start(): Worker {
    this.starts += 1
    this.isAtWork = false
    this.alone = null
    const { file, data: workerData } = this.options
    setFlagsFromString(heapGrowth)
    const worker = new Worker(file, { workerData, name: 'recorder', resourceLimits })
    // Alone it keeps no process alive: who closes the recorder waits for it.
    worker.unref()
    worker.on('message', (message: FromIntake) => this.hear(message))
    worker.on('error', (error) => log().error({ error }, 'the thread that records failed; another one takes over'))
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()))
    void this.ended.then(() => this.replace())
    return worker
  }

  private async replace(): Promise<void> {
    if (this.isStopped) return
    this.earlier = this.troubles
    this.told = noTroubles
    this.memory = null
    this.ends += 1
    if (this.isAtWork && this.alone !== null) await this.blame(this.alone)
    else if (this.isAtWork) this.deaths += 1
    await delay(pauseMs(this.ends), undefined, { ref: false })
    if (this.isStopped) return
    this.worker = this.start()
    this.handAll()
  }

  private async blame(ticket: number): Promise<void> {
    const { requestId } = this.handed.get(ticket) ?? {}
    log().error({ requestId }, 'a request ends every thread that records it; it is set aside')
    await this.setAside(ticket)
    this.deaths = 0
  }

  /** What was handed to a thread that died, and what came since. */
  private handAll(): void {
    if (this.isCareful) this.handFirst()
    else this.hand([...this.handed.keys()])
    if (this.pending.isAwaited) this.say({ say: 'hurry' })
  }

  private handFirst(): void {
    const [first] = this.handed.keys()
    this.alone = first ?? null
    if (first !== undefined) this.hand([first])
  }

  private giveTicket(finished: FinishedExchange): number {
    this.lastTicket += 1
    this.handed.set(this.lastTicket, finished)
    return this.lastTicket
  }

  private hand(tickets: readonly number[]): void {
    const inJournal: HandedExchange[] = []
    for (const ticket of tickets) {
      const finished = this.handed.get(ticket)
      if (finished?.places) inJournal.push(this.describe(ticket, finished, { places: finished.places }))
      else if (finished) void this.handWhole(ticket, finished)
    }
    if (inJournal.length > 0) this.say({ say: 'record', exchanges: inJournal })
  }

  /** The disk refused a part of it: what there is of it is in memory. */
  private async handWhole(ticket: number, finished: FinishedExchange): Promise<void> {
    const { worker } = this
    try {
      const exchange = await finished.load()
      // The next thread has been given everything anew.
      if (worker !== this.worker) return
      this.say({ say: 'record', exchanges: [this.describe(ticket, finished, { exchange })] })
    } catch (error) {
      if (worker !== this.worker) return
      log().error({ error, requestId: finished.requestId }, 'an exchange cannot be read back')
      await this.setAside(ticket)
      // The thread hears nothing of it: without the next one both would wait for each other.
      if (this.alone === ticket) this.handFirst()
    }
  }

  private describe(ticket: number, finished: FinishedExchange, content: HandedExchange['content']): HandedExchange {
    const { requestId, receivedAtMs, endedAtMs, byteLength } = finished
    // What a thread that died was given may be recorded.
    const isRepeat = finished.isRepeat || this.starts > 1
    return { ticket, requestId, receivedAtMs, endedAtMs, byteLength, isRepeat, content }
  }

  private say(message: ToIntake): void {
    this.worker.postMessage(message)
  }

  private hear(message: FromIntake): void {
    if (message.say === 'at work') this.isAtWork = true
    else if (message.say === 'recorded') this.events.onRecorded(message.rows)
    else if (message.say === 'released') this.release(message.tickets)
    else if (message.say === 'quarantine') void this.answerQuarantine(message.ticket)
    else if (message.say === 'memory') this.memory = message.memory
    else this.told = message.troubles
  }

  private release(tickets: readonly number[]): void {
    for (const ticket of tickets) {
      this.handed.get(ticket)?.release()
      this.settle(ticket)
    }
    this.noteProgress()
  }

  private noteProgress(): void {
    const wasCareful = this.isCareful
    this.deaths = 0
    this.ends = 0
    this.alone = null
    if (wasCareful) this.handAll()
  }

  private settle(ticket: number): void {
    const finished = this.handed.get(ticket)
    this.handed.delete(ticket)
    if (finished) this.pending.settle([finished])
  }

  private async answerQuarantine(ticket: number): Promise<void> {
    this.say({ say: 'quarantined', ticket, isKept: await this.keepAside(ticket) })
    this.noteProgress()
  }

  private async setAside(ticket: number): Promise<void> {
    this.earlier = addTroubles(this.earlier, { ...noTroubles, quarantined: 1 })
    await this.keepAside(ticket)
  }

  /** False where the raw copy cannot be written: then it stays in the journal for the next start. */
  private async keepAside(ticket: number): Promise<boolean> {
    const finished = this.handed.get(ticket)
    try {
      await finished?.quarantine()
      finished?.release()
      return true
    } catch (error) {
      log().error({ error, requestId: finished?.requestId }, 'a request could not be set aside')
      return false
    } finally {
      this.settle(ticket)
    }
  }
}

function addTroubles(one: IntakeTroubles, other: IntakeTroubles): IntakeTroubles {
  return {
    droppedBodies: one.droppedBodies + other.droppedBodies,
    quarantined: one.quarantined + other.quarantined,
    checkedBodies: one.checkedBodies + other.checkedBodies,
    damagedBodies: one.damagedBodies + other.damagedBodies,
    lastError: other.lastError ?? one.lastError,
  }
}
