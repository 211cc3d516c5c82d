import { setTimeout as delay } from 'node:timers/promises'

interface Patience {
  readonly timeoutMs?: number
  /** Asked first at once, then more and more rarely, as rarely as this. */
  readonly longestPauseMs?: number
  readonly what?: string
}

/** Waits until the predicate answers something truthy, and returns that; throws naming `what` when it never does. */
export async function waitUntil<T>(
  predicate: () => T | Promise<T>,
  { timeoutMs = 5_000, longestPauseMs = 50, what = 'a condition' }: Patience = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const value = await predicate()
    if (value) return value as Exclude<T, false | null | undefined>
    if (Date.now() >= deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`)
    await delay(pauseMs)
  }
}
