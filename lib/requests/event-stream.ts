import { usdOfMicroUsd } from '@/lib/money'
import { hearRecorded } from './live-events'
import type { RequestSummary } from './request-summary'

interface EventStreamOptions {
  /** Whether the reader may hear of this request. */
  readonly sees: (request: RequestSummary) => boolean
  /** Asked again and again while the stream is open: a session may end meanwhile. */
  readonly mayContinue: () => Promise<boolean>
  readonly now?: () => number
}

export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  /** Ends the stream; may be called twice. */
  end(): void
}

/** At most five a second, however many requests are recorded. */
const flushEveryMs = 200
const heartbeatEveryMs = 15_000
const askEveryMs = 5_000
/** What a reader that fell behind still gets; the rest is counted as missed. */
const mostPending = 200

/** Server-sent events of what is being recorded: `request`, `usage`, and a `heartbeat` in silence. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const sender = new Sender(options)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => sender.start(controller),
    cancel: () => sender.end(),
  })
  return { body, end: () => sender.end() }
}

class Sender {
  private readonly now: () => number
  private readonly text = new TextEncoder()
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null
  private pending: RequestSummary[] = []
  private missed = 0
  private sentAt = 0
  private askedAt: number
  private timer: NodeJS.Timeout | undefined
  private stopHearing: () => void = () => undefined

  constructor(private readonly options: EventStreamOptions) {
    this.now = options.now ?? Date.now
    this.askedAt = this.now()
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.controller = controller
    this.stopHearing = hearRecorded((rows) => this.add(rows))
    this.timer = setInterval(() => this.tick(), flushEveryMs)
    this.timer.unref()
    this.send('heartbeat', { at: new Date(this.now()).toISOString() })
  }

  end(): void {
    clearInterval(this.timer)
    this.stopHearing()
    const { controller } = this
    this.controller = null
    try {
      controller?.close()
    } catch {
      // Already closed by the reader.
    }
  }

  private add(rows: readonly RequestSummary[]): void {
    this.pending.push(...rows.filter((row) => this.options.sees(row)))
    const surplus = Math.max(0, this.pending.length - mostPending)
    this.missed += surplus
    this.pending.splice(0, surplus)
  }

  private tick(): void {
    if (this.now() - this.askedAt >= askEveryMs) this.ask()
    // A reader that does not keep up gets less, never a growing queue.
    if ((this.controller?.desiredSize ?? 0) <= 0) return
    if (this.pending.length > 0) this.flush()
    else if (this.now() - this.sentAt >= heartbeatEveryMs)
      this.send('heartbeat', { at: new Date(this.now()).toISOString() })
  }

  private flush(): void {
    const requests = this.pending
    this.send('request', { requests, missed: this.missed })
    this.send('usage', usageOf(requests))
    this.pending = []
    this.missed = 0
  }

  private ask(): void {
    this.askedAt = this.now()
    this.options.mayContinue().then(
      (mayContinue) => mayContinue || this.end(),
      // Whoever cannot be asked (database away) is not sent away; what is shown came from the database.
      () => undefined,
    )
  }

  private send(event: 'request' | 'usage' | 'heartbeat', data: object): void {
    this.sentAt = this.now()
    this.controller?.enqueue(this.text.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
  }
}

function usageOf(requests: readonly RequestSummary[]) {
  const sum = (countOf: (request: RequestSummary) => number | null) =>
    requests.reduce((total, one) => total + (countOf(one) ?? 0), 0)
  return {
    requests: requests.length,
    inputTokens: sum((one) => one.inputTokens),
    outputTokens: sum((one) => one.outputTokens),
    cacheReadTokens: sum((one) => one.cacheReadInputTokens),
    cacheCreationTokens: sum((one) => one.cacheCreationInputTokens),
    costUsd: usdOfMicroUsd(sum((one) => (one.costUsd === null ? 0 : Math.round(Number(one.costUsd) * 1e6)))),
  }
}
