import type { ByteBudget } from '@/lib/byte-budget'
import type { ExchangeLog } from '@/lib/journal/entry'
import type { Clock, ExchangeBegin, ExchangeEnd, Recording } from '@/lib/proxy/ports'
import { joinExchange, withoutBody } from './assemble-exchange'
import { interruptedEnd, type Arrival, type BodyDrop, type Exchange, type FinishedExchange } from './exchange'
import {
  decodeBegin,
  encodeBegin,
  encodeEnd,
  encodePart,
  type BeginRecord,
  type EndRecord,
  type PartRecord,
} from './journal-payload'
import { JournaledExchange } from './journaled-exchange'

/** Response bytes wait this long, or until they are this many, before they go to the journal. */
const holdMs = 250
const holdBytes = 64 * 1024
/** A body above this is relayed but not kept: it would have to fit into memory to be recorded. */
const maxKeptBytes = 128 * 1024 * 1024
/** Arrivals beyond this many are added to the last one: a stream of hours must not grow a list for hours. */
const maxArrivals = 8192
/** What headers, attempts and the like of one exchange take in memory, roughly. */
const overheadBytes = 8 * 1024

interface LiveSettings {
  readonly entry: ExchangeLog
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly budget: ByteBudget
  /** Who records it reads the journal: nothing is kept in memory beyond the end. */
  readonly readsJournal: boolean
  /** Told at the end itself; its last frame is still to be written. */
  readonly onEnding: () => void
  readonly onEnd: (finished: FinishedExchange) => void
}

/** One exchange while it runs: bytes go to the journal in small groups, and stay in memory where there is room. */
export class LiveExchange implements Recording, FinishedExchange {
  readonly begun: Promise<void>
  readonly isRepeat = false
  /** Where the journal has it whole, `compact` has these. */
  readonly places = null
  endedAtMs = 0
  lastActiveMs: number
  private readonly startedMs: number
  private begin: BeginRecord
  private ended: EndRecord | null = null
  /** The response so far; null once memory was short and only the journal has it. */
  private parts: PartRecord[] | null = []
  private budgetedBytes = 0
  private held: Uint8Array[] = []
  private heldBytes = 0
  private arrivals: Arrival[] = []
  private arrivalCount = 0
  private timer: NodeJS.Timeout | null = null
  private responseBytes = 0
  private responseDrop: BodyDrop | null

  constructor(
    begin: ExchangeBegin,
    private readonly settings: LiveSettings,
  ) {
    this.startedMs = settings.clock.monotonic()
    this.lastActiveMs = this.startedMs
    const requestDrop = this.dropOf(begin.body)
    // An answer without what was asked is not worth the room that is left.
    this.responseDrop = requestDrop === 'journal_full' ? requestDrop : null
    this.begin = { begin: requestDrop ? withoutBody(begin) : begin, requestBytes: begin.body.length, requestDrop }
    const written = settings.entry.append('begin', encodeBegin(this.begin))
    if (!this.budget(this.begin.begin.body.length + overheadBytes)) this.forget()
    this.begun = written
  }

  get requestId(): string {
    return this.begin.begin.requestId
  }

  get receivedAtMs(): number {
    return this.begin.begin.receivedAtMs
  }

  get byteLength(): number {
    return (this.begin.requestDrop ? 0 : this.begin.requestBytes) + (this.responseDrop ? 0 : this.responseBytes)
  }

  chunk(bytes: Uint8Array): void {
    if (this.ended || bytes.length === 0) return
    this.lastActiveMs = this.settings.clock.monotonic()
    this.responseBytes += bytes.length
    if (this.responseBytes > maxKeptBytes) this.responseDrop ??= 'too_large'
    if (this.responseDrop) return
    this.noteArrival(bytes.length)
    this.held.push(bytes)
    this.heldBytes += bytes.length
    if (this.heldBytes >= holdBytes) this.writePart()
    else this.timer ??= setTimeout(() => this.writePart(), holdMs).unref()
  }

  end(end: ExchangeEnd): void {
    if (this.ended) return
    this.settings.onEnding()
    this.endedAtMs = this.settings.clock.now()
    const rest = this.takeHeld()
    const { endedAtMs, responseBytes, responseDrop } = this
    const meta = { end, endedAtMs, responseBytes, responseDrop }
    this.ended = { ...meta, ...rest }
    const written = this.settings.entry.append('end', encodeEnd(meta, rest))
    if (!this.budget(rest.bytes.length)) this.forget()
    void written.then(() => this.settings.onEnd(this.needsNoMemory ? this.compact() : this))
  }

  /** For an exchange whose end nobody told. */
  endInterrupted(): void {
    this.end(interruptedEnd(this.settings.clock.monotonic() - this.startedMs))
  }

  async load(): Promise<Exchange> {
    if (!this.parts) return this.loadDamaged()
    return joinExchange(this.begin, this.ended ? [...this.parts, this.ended] : this.parts, this.ended)
  }

  release(): void {
    this.forget()
    this.settings.entry.release()
  }

  quarantine(): Promise<void> {
    return this.settings.entry.quarantine()
  }

  private get needsNoMemory(): boolean {
    return (this.settings.readsJournal || !this.parts) && this.settings.entry.isWhole
  }

  /** The few words that are needed to read it back: a long outage must not fill the memory. */
  private compact(): FinishedExchange {
    const { requestId, receivedAtMs, endedAtMs, byteLength, isRepeat, settings } = this
    this.forget()
    return new JournaledExchange(settings.entry, { requestId, receivedAtMs, endedAtMs, byteLength, isRepeat })
  }

  /** Memory was short and the disk refused a frame: what can be had, and no claim about the rest. */
  private async loadDamaged(): Promise<Exchange> {
    const frame = (await this.settings.entry.read()).find(({ type }) => type === 'begin')
    const begun = frame
      ? decodeBegin(frame.payload)
      : { ...this.begin, requestDrop: this.begin.requestDrop ?? 'journal_full' }
    const exchange = joinExchange(begun, [], this.ended)
    return { ...exchange, responseDrop: exchange.responseDrop ?? 'journal_full' }
  }

  private writePart(): void {
    const part = this.takeHeld()
    if (part.bytes.length === 0) return
    void this.settings.entry.append('part', encodePart(part))
    if (this.budget(part.bytes.length)) this.parts?.push(part)
    else this.forget()
  }

  private noteArrival(byteLength: number): void {
    const last = this.arrivals.at(-1)
    if (this.arrivalCount >= maxArrivals && last) {
      this.arrivals[this.arrivals.length - 1] = { ...last, byteLength: last.byteLength + byteLength }
      return
    }
    this.arrivalCount += 1
    this.arrivals.push({ offsetMs: this.lastActiveMs - this.startedMs, byteLength })
  }

  private takeHeld(): PartRecord {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    if (this.heldBytes > 0 && !this.settings.entry.hasRoomFor(this.heldBytes)) this.responseDrop ??= 'journal_full'
    // Responses that are dropped half-way leave no bytes behind, also not those held when it happened.
    const part = this.responseDrop
      ? { arrivals: [], bytes: Buffer.alloc(0) }
      : { arrivals: this.arrivals, bytes: Buffer.concat(this.held) }
    this.held = []
    this.heldBytes = 0
    this.arrivals = []
    return part
  }

  private dropOf(body: Uint8Array): BodyDrop | null {
    if (body.length > maxKeptBytes) return 'too_large'
    return this.settings.entry.hasRoomFor(body.length) ? null : 'journal_full'
  }

  private budget(bytes: number): boolean {
    if (!this.parts || !this.settings.budget.tryTake(bytes)) return false
    this.budgetedBytes += bytes
    return true
  }

  private forget(): void {
    this.settings.budget.give(this.budgetedBytes)
    this.budgetedBytes = 0
    this.parts = null
    this.begin = { ...this.begin, begin: withoutBody(this.begin.begin) }
    if (this.ended) this.ended = { ...this.ended, bytes: Buffer.alloc(0) }
  }
}
