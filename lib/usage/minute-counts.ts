/**
 * Counts of the last minute, second by second. 61 seconds are kept: a begun second counts whole, so that a limit
 * holds in every 60 seconds, however they are laid.
 */
export const keptSeconds = 61

/** One count a second; the last one is that of `lastSecond`. */
export interface SecondCounts {
  readonly lastSecond: number
  readonly counts: readonly number[]
}

export class MinuteCounts {
  private lastSecond = 0
  private counts: number[] = new Array<number>(keptSeconds).fill(0)

  /** Seconds that are over a minute old, or in the future by a wrong clock, are not counted. */
  add(second: number, amount: number): void {
    this.moveTo(Math.max(second, this.lastSecond))
    const index = keptSeconds - 1 - (this.lastSecond - second)
    if (index >= 0) this.counts[index] = (this.counts[index] ?? 0) + amount
  }

  read(): SecondCounts {
    return { lastSecond: this.lastSecond, counts: this.counts }
  }

  private moveTo(second: number): void {
    const steps = Math.min(second - this.lastSecond, keptSeconds)
    if (steps > 0) this.counts = [...this.counts.slice(steps), ...new Array<number>(steps).fill(0)]
    this.lastSecond = second
  }
}

/** Several counts of the same thing as one, ending with `second`. */
export function addCounts(parts: Iterable<SecondCounts>, second: number): number[] {
  const total = new Array<number>(keptSeconds).fill(0)
  for (const { lastSecond, counts } of parts) {
    const shift = second - lastSecond
    for (let index = 0; index < counts.length; index += 1) {
      // A count a little ahead of our clock belongs to now.
      const place = Math.min(index - shift, keptSeconds - 1)
      if (place >= 0) total[place] = (total[place] ?? 0) + (counts[index] ?? 0)
    }
  }
  return total
}

/** Seconds until what is left of these counts is below `most`; 0 = it is now. */
export function secondsUntilBelow(counts: readonly number[], most: number): number {
  let left = counts.reduce((sum, count) => sum + count, 0)
  let seconds = 0
  while (left >= most && seconds < counts.length) {
    left -= counts[seconds] ?? 0
    seconds += 1
  }
  return seconds
}
