import type { ExchangeLog } from '@/lib/journal/entry'
import type { FramePlace } from '@/lib/journal/frame'
import { assembleExchange } from './assemble-exchange'
import type { Exchange, FinishedExchange } from './exchange'

/** A finished exchange that only the journal holds. */
export class JournaledExchange implements FinishedExchange {
  readonly requestId: string
  readonly receivedAtMs: number
  readonly endedAtMs: number
  readonly byteLength: number
  readonly isRepeat: boolean

  constructor(
    private readonly entry: ExchangeLog,
    facts: Omit<FinishedExchange, 'places' | 'load' | 'release' | 'quarantine'>,
  ) {
    this.requestId = facts.requestId
    this.receivedAtMs = facts.receivedAtMs
    this.endedAtMs = facts.endedAtMs
    this.byteLength = facts.byteLength
    this.isRepeat = facts.isRepeat
  }

  get places(): readonly FramePlace[] {
    return this.entry.places
  }

  async load(): Promise<Exchange> {
    return assembleExchange(await this.entry.read(), this.places)
  }

  release(): void {
    this.entry.release()
  }

  quarantine(): Promise<void> {
    return this.entry.quarantine()
  }
}
