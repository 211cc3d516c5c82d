import { setImmediate as immediate } from 'node:timers/promises'
import type { Clock } from '@/lib/proxy/ports'

export const clock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  timer(delayMs, fire) {
    const timeout = setTimeout(fire, delayMs)
    return { refresh: () => void timeout.refresh(), cancel: () => clearTimeout(timeout) }
  },
  async turn() {
    // A kept connection is written to in an immediate that undici asks for in a microtask: this one comes behind it.
    await null
    await immediate()
  },
}
