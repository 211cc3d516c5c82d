/** Whether something that was read again and again over hours has stopped growing. */
export interface Flatness {
  /** Medians of the middle and of the last third; the first third is the warming up. */
  readonly middle: number
  readonly last: number
  readonly perHour: number
  readonly isFlat: boolean
}

export interface Reading {
  readonly atMs: number
  readonly value: number
}

export interface Allowance {
  /** Growth from the middle to the last third that is no leak, as a share of the middle, or in its own unit. */
  readonly share: number
  readonly amount: number
}

const msPerHour = 3_600_000

/** Medians, because collections and bursts make single readings jump. */
export function judgeFlatness(readings: readonly Reading[], { share, amount }: Allowance): Flatness {
  const third = Math.floor(readings.length / 3)
  const [middleThird, lastThird] = [readings.slice(third, 2 * third), readings.slice(2 * third)]
  const middle = medianOf(middleThird.map(({ value }) => value))
  const last = medianOf(lastThird.map(({ value }) => value))
  const hours =
    (medianOf(lastThird.map(({ atMs }) => atMs)) - medianOf(middleThird.map(({ atMs }) => atMs))) / msPerHour
  const perHour = hours > 0 ? (last - middle) / hours : 0
  return { middle, last, perHour, isFlat: last - middle <= Math.max(amount, middle * share) }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
