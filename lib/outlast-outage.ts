import { setTimeout as delay } from 'node:timers/promises'
import { classifyFault } from './database-fault'

const longestMs = 120_000
const pauseMs = 250

/**
 * Does work of a long run again while the database is away, or where it met somebody else's: a restart of the database
 * ends no run. Two minutes after it came further last (`cameFurther` says that it did), what it says ends the run.
 */
export async function outlastOutage<T>(work: (cameFurther: () => void) => Promise<T>): Promise<T> {
  let awaySinceMs: number | null = null
  for (;;) {
    try {
      return await work(() => (awaySinceMs = null))
    } catch (error) {
      awaySinceMs ??= performance.now()
      if (!mayPass(error) || performance.now() - awaySinceMs > longestMs) throw error
      await delay(pauseMs)
    }
  }
}

const mayPass = (error: unknown) => ['outage', 'conflict'].includes(classifyFault(error))
