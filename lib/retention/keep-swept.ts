import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import { sampleStorage } from './sample-storage'
import { endBrokenSweeps, sweep } from './sweep'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Of the night in most of Europe, and of the evening in America. */
const sweepAtMs = 3 * hourMs

/** When the next nightly sweep begins, UTC. */
export function nextSweepAt(nowMs: number): Date {
  const today = Math.floor(nowMs / dayMs) * dayMs + sweepAtMs
  return new Date(today > nowMs ? today : today + dayMs)
}

/** How long to wait after a measurement, which reads the whole record: an hour, or a hundred times what it took. */
export function pauseAfterSample(tookMs: number): number {
  return Math.max(hourMs, 100 * tookMs)
}

/** Sweeps every night and measures the storage, mostly every hour; with several processes one of them does. */
export async function keepSwept(signal: AbortSignal): Promise<void> {
  let sweepAt = nextSweepAt(Date.now()).getTime()
  let sampleAt = 0
  while (!signal.aborted) {
    if (Date.now() >= sweepAt) {
      const isSwept = await attempt(signal, 'what has expired could not be swept; it is tried again in an hour', () =>
        sweep(null),
      )
      // A backup that holds the tables may do so every night at the same time.
      sweepAt = isSwept ? nextSweepAt(Date.now()).getTime() : Date.now() + hourMs
      sampleAt = 0
    }
    if (Date.now() >= sampleAt) {
      await attempt(signal, 'which sweeps have ended could not be noted', endBrokenSweeps)
      const beganAt = performance.now()
      await attempt(signal, 'the storage could not be measured; it is tried again later', () => sampleStorage())
      sampleAt = Date.now() + pauseAfterSample(performance.now() - beganAt)
    }
    const pauseMs = Math.max(1_000, Math.min(sampleAt, sweepAt) - Date.now())
    // The pause alone keeps no process alive.
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function attempt(signal: AbortSignal, complaint: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!signal.aborted) log().error({ error }, complaint)
    return false
  }
}
