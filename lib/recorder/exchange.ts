import type { FramePlace } from '@/lib/journal/frame'
import type { ExchangeBegin, ExchangeEnd } from '@/lib/proxy/ports'

/** When a piece of the response arrived, and how long it was. */
export interface Arrival {
  readonly offsetMs: number
  readonly byteLength: number
}

/** Why a body that passed through was not kept. */
export type BodyDrop = 'journal_full' | 'too_large'

/** One exchange, complete: what the recorder turns into rows. */
export interface Exchange {
  readonly begin: ExchangeBegin
  readonly end: ExchangeEnd
  readonly responseBody: Buffer
  readonly arrivals: readonly Arrival[]
  /** What passed through; larger than the bodies at hand when one of them was dropped. */
  readonly requestBytes: number
  readonly responseBytes: number
  readonly requestDrop: BodyDrop | null
  readonly responseDrop: BodyDrop | null
}

/** A finished exchange that waits to be recorded: small, the bytes may be on disk. */
export interface FinishedExchange {
  readonly requestId: string
  readonly receivedAtMs: number
  readonly endedAtMs: number
  /** Bytes that `load` brings into memory. */
  readonly byteLength: number
  /** Found in a journal: it may be recorded already. */
  readonly isRepeat: boolean
  /** Where the journal has all of it; null: only `load` has. */
  readonly places: readonly FramePlace[] | null
  load(): Promise<Exchange>
  /** It is in the database: every copy may go. */
  release(): void
  /** It can never be recorded: keeps the raw copy aside for a person to look at. */
  quarantine(): Promise<void>
}

/** The end of an exchange whose process died before it could say one. */
export function interruptedEnd(durationMs: number): ExchangeEnd {
  return {
    outcome: 'interrupted',
    status: null,
    accountId: null,
    ownErrorType: null,
    firstByteMs: null,
    durationMs,
    forwardedHeaders: [],
    responseHeaders: [],
    attempts: [],
  }
}
