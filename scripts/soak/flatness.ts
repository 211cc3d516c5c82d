/** Whether something that was read again and again over hours has stopped growing. */
interface Flatness {
  /** Low points of the middle and of the last third; the first third is the warming up. */
  readonly middle: number
  readonly last: number
  readonly perHour: number
  readonly isFlat: boolean
}

interface Reading {
  readonly atMs: number
  readonly value: number
}

export interface Allowance {
  /** Growth from the middle to the last third that is no leak, as a share of the middle, or in its own unit. */
  readonly share: number
  readonly amount: number
}

const msPerHour = 3_600_000

/** Low points: between two collections memory rises whether something leaks or not; what leaks raises the low points. */
export function judgeFlatness(readings: readonly Reading[], { share, amount }: Allowance): Flatness {
  const third = Math.floor(readings.length / 3)
  const [middleThird, lastThird] = [readings.slice(third, 2 * third), readings.slice(2 * third)]
  const middle = lowPointOf(middleThird)
  const last = lowPointOf(lastThird)
  const hours = ((lastThird[0]?.atMs ?? 0) - (middleThird[0]?.atMs ?? 0)) / msPerHour
  const perHour = hours > 0 ? (last - middle) / hours : 0
  return { middle, last, perHour, isFlat: last - middle <= Math.max(amount, middle * share) }
}

/** A single reading may be lower than is true: a tenth of them are. */
function lowPointOf(readings: readonly Reading[]): number {
  const sorted = readings.map(({ value }) => value).toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 10)] ?? 0
}
