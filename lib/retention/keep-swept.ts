import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import { sampleStorage } from './sample-storage'
import { sweep } from './sweep'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Of the night in most of Europe, and of the evening in America. */
const sweepAtMs = 3 * hourMs

/** When the next nightly sweep begins, UTC. */
export function nextSweepAt(nowMs: number): Date {
  const today = Math.floor(nowMs / dayMs) * dayMs + sweepAtMs
  return new Date(today > nowMs ? today : today + dayMs)
}

/** Sweeps every night and measures the storage every hour; with several processes one of them does. */
export async function keepSwept(signal: AbortSignal): Promise<void> {
  let sweepAt = nextSweepAt(Date.now())
  while (!signal.aborted) {
    if (Date.now() >= sweepAt.getTime()) {
      await attempt(signal, 'what has expired could not be swept; it is tried again tomorrow', () => sweep(null))
      sweepAt = nextSweepAt(Date.now())
    }
    await attempt(signal, 'the storage could not be measured; it is tried again in an hour', () => sampleStorage())
    const pauseMs = Math.min(hourMs, Math.max(1_000, sweepAt.getTime() - Date.now()))
    // The pause alone keeps no process alive.
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function attempt(signal: AbortSignal, complaint: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!signal.aborted) log().error({ error }, complaint)
  }
}
