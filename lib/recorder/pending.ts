import type { FinishedExchange } from './exchange'

/** Exchanges that ended and are not recorded yet, oldest first, and who waits for them. */
export class Pending {
  private readonly exchanges = new Set<FinishedExchange>()
  private readonly waiters = new Set<{ left: Set<FinishedExchange>; resolve: () => void }>()

  get size(): number {
    return this.exchanges.size
  }

  /** Somebody wants it done now. */
  get isAwaited(): boolean {
    return this.waiters.size > 0
  }

  /** Since the oldest one ended. */
  ageMs(now: number): number {
    for (const { endedAtMs } of this.exchanges) return Math.max(0, now - endedAtMs)
    return 0
  }

  has(finished: FinishedExchange): boolean {
    return this.exchanges.has(finished)
  }

  add(finished: FinishedExchange): void {
    this.exchanges.add(finished)
  }

  /** Recorded, or set aside. */
  settle(batch: readonly FinishedExchange[]): void {
    for (const finished of batch) this.exchanges.delete(finished)
    for (const waiter of this.waiters) {
      for (const finished of batch) waiter.left.delete(finished)
      if (waiter.left.size > 0) continue
      this.waiters.delete(waiter)
      waiter.resolve()
    }
  }

  /** Resolves when everything that is pending now is settled. */
  whenSettled(): Promise<void> {
    if (this.exchanges.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.waiters.add({ left: new Set(this.exchanges), resolve }))
  }
}
