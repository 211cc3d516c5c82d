import { getHeapStatistics } from 'node:v8'
import { ByteBudget } from '@/lib/byte-budget'
import type { BodyShare, Clock } from '@/lib/proxy/ports'

/** A client waits this long for room before it is told to come again; silence is cut later than that. */
const patienceMs = 20_000
/**
 * Room is kept for what was announced while at least so much of it comes in this time. Who sends slower takes room as
 * the bytes come, like who announced nothing.
 */
const pace = { bytes: 1_048_576, ms: 5_000 } as const
/**
 * Of the memory that the heap may take, which Node reads from the machine, the container or its own options. Bodies
 * that are over stay until V8 collects them, which it does late: of large ones that is more than this share itself.
 */
const shareOfHeap = 0.25

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
    let [held, filled] = [0, 0]
    let reservation: ReturnType<Clock['timer']> | null = null
    const shrinkTo = (bytes: number) => {
      reservation?.cancel()
      reservation = null
      this.give(Math.max(0, held - bytes))
      held = Math.min(held, bytes)
    }
    const watchPace = (seen: number) => {
      const look = () => (filled - seen < pace.bytes ? shrinkTo(filled) : watchPace(filled))
      reservation = this.clock.timer(pace.ms, look)
    }
    const growTo = async (bytes: number) => {
      const more = bytes - held
      const hasRoom = more <= 0 || this.budget.tryTake(more) || (await this.wait(more, signal))
      if (hasRoom) held = Math.max(held, bytes)
      return hasRoom
    }
    return {
      reserve: async (bytes) => {
        const hasRoom = await growTo(bytes)
        if (held > filled) watchPace(filled)
        return hasRoom
      },
      fill: async (bytes) => {
        filled += bytes
        if (await growTo(filled)) return true
        // What came is of no use without the rest.
        shrinkTo(0)
        return false
      },
      release: () => shrinkTo(0),
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
