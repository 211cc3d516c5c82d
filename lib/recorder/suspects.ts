import { pauseMs } from './back-off'
import type { FinishedExchange } from './exchange'

/** An exchange that was refused when it was alone. */
export interface Suspect {
  readonly finished: FinishedExchange
  /** Bodies and facts were given up: only the bare row is tried. */
  readonly isBare: boolean
  readonly refusals: number
  readonly dueMs: number
}

/** Why it was refused: for a reason in the record itself, or one that nobody knows. */
export type RefusalKind = 'record' | 'unknown'

/** Refusals until something less is tried. */
const patience: Record<RefusalKind, number> = { record: 3, unknown: 12 }

/** Exchanges that are tried alone, each in its own time, so that they hold up nobody. */
export class Suspects {
  private readonly waiting: Suspect[] = []

  add(finished: FinishedExchange): void {
    if (this.waiting.some((suspect) => suspect.finished === finished)) return
    this.waiting.push({ finished, isBare: false, refusals: 0, dueMs: 0 })
  }

  takeDue(): Suspect | null {
    const now = performance.now()
    const index = this.waiting.findIndex(({ dueMs }) => dueMs <= now)
    return index < 0 ? null : (this.waiting.splice(index, 1)[0] ?? null)
  }

  /** `again`: it will be tried again; `bare`: from now on without bodies; `hopeless`: nothing is left to try. */
  refuse(suspect: Suspect, kind: RefusalKind): 'again' | 'bare' | 'hopeless' {
    const refusals = suspect.refusals + 1
    if (refusals < patience[kind]) {
      this.waiting.push({ ...suspect, refusals, dueMs: performance.now() + pauseMs(refusals) })
      return 'again'
    }
    if (suspect.isBare) return 'hopeless'
    this.waiting.push({ ...suspect, isBare: true, refusals: 0, dueMs: 0 })
    return 'bare'
  }

  /** Until the next one is due, at most a minute. */
  nextDueMs(): number {
    return Math.min(...this.waiting.map(({ dueMs }) => Math.max(1, dueMs - performance.now())), 60_000)
  }
}
