import { getHeapStatistics } from 'node:v8'
import type { BodyShare, Clock } from '@/lib/proxy/ports'
import { ByteBudget } from '@/lib/recorder/byte-budget'

/** A client waits this long for room before it is told to come again; silence is cut later than that. */
const patienceMs = 20_000
/** Of the memory that the heap may take, which Node reads from the machine, the container or its own options. */
const shareOfHeap = 0.5

/** As many bytes of bodies at once as this process has memory for, and never less than one whole body. */
export function bodyRoomBytes(maxRequestBytes: number, heapBytes = getHeapStatistics().heap_size_limit): number {
  return Math.max(maxRequestBytes, Math.floor(heapBytes * shareOfHeap))
}

interface Waiter {
  readonly bytes: number
  settle(hasRoom: boolean): void
}

/**
 * The memory for request bodies, of all exchanges together. Who finds no room waits until others give some back; a
 * small body goes past a large one that waits, so that giants hold up nobody.
 */
export class BodyRoom {
  private readonly budget: ByteBudget
  private readonly waiters = new Set<Waiter>()

  constructor(
    limitBytes: number,
    private readonly clock: Pick<Clock, 'timer'>,
  ) {
    this.budget = new ByteBudget(limitBytes)
  }

  get heldBytes(): number {
    return this.budget.taken
  }

  /** The share of one exchange. Who gives up waiting with `signal` gets none. */
  open(signal: AbortSignal): BodyShare {
    let held = 0
    return {
      grow: async (bytes) => {
        const hasRoom = this.budget.tryTake(bytes) || (await this.wait(bytes, signal))
        if (hasRoom) held += bytes
        return hasRoom
      },
      release: () => {
        this.give(held)
        held = 0
      },
    }
  }

  private give(bytes: number): void {
    if (bytes === 0) return
    this.budget.give(bytes)
    for (const waiter of this.waiters) if (this.budget.tryTake(waiter.bytes)) waiter.settle(true)
  }

  private wait(bytes: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = () => waiter.settle(false)
      const timer = this.clock.timer(patienceMs, giveUp)
      const waiter: Waiter = {
        bytes,
        settle: (hasRoom) => {
          this.waiters.delete(waiter)
          timer.cancel()
          signal.removeEventListener('abort', giveUp)
          resolve(hasRoom)
        },
      }
      this.waiters.add(waiter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}
