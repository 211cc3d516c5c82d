/**
 * How fast an account is used up, and when it will be empty. Pure. The forecaster is tested against the account's own
 * past, and its past errors are the band it shows.
 */

/** Amounts (tokens, micro-dollars) of equal steps, the last one running. */
export interface Series {
  readonly stepMs: number
  /** When the first step begins. */
  readonly fromMs: number
  readonly amounts: readonly number[]
}

/** How a rate is taken from a series, and how far it is trusted to reach. */
interface Forecaster {
  readonly name: 'pace of the last quarter of an hour' | 'pace of the last day'
  /** Amount a minute at that moment, from what came before. */
  rateAt(series: Series, atMs: number): number
  readonly horizonMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** An exponentially weighted average that has forgotten two thirds after 15 minutes. For the five-hour window. */
export const shortForecaster: Forecaster = {
  name: 'pace of the last quarter of an hour',
  horizonMs: hourMs,
  rateAt: (series, atMs) => {
    const memoryMs = 15 * minuteMs
    let weighted = 0
    forEachStep(series, { fromMs: atMs - 6 * memoryMs, toMs: atMs }, (amount, middleMs) => {
      weighted += amount * Math.exp(-(atMs - middleMs) / memoryMs)
    })
    return (weighted / memoryMs) * minuteMs
  },
}

/** The average of the last 24 hours: nights and lunch breaks are in it. For the weekly window. */
export const longForecaster: Forecaster = {
  name: 'pace of the last day',
  horizonMs: 24 * hourMs,
  rateAt: (series, atMs) => {
    let total = 0
    forEachStep(series, { fromMs: atMs - 24 * hourMs, toMs: atMs }, (amount) => (total += amount))
    return total / (24 * 60)
  },
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Calls with each step that begins inside of the span, and the middle of the part of it that lies inside. */
function forEachStep(series: Series, { fromMs, toMs }: Span, take: (amount: number, middleMs: number) => void): void {
  const first = Math.max(0, Math.ceil((fromMs - series.fromMs) / series.stepMs))
  for (let index = first; index < series.amounts.length; index += 1) {
    const startMs = series.fromMs + index * series.stepMs
    if (startMs >= toMs) return
    take(series.amounts[index] ?? 0, (startMs + Math.min(startMs + series.stepMs, toMs)) / 2)
  }
}

/** How what came compared with what was forecast: 1 = exactly so, 2 = twice as much. */
export interface PastErrors {
  /** Tenth and ninetieth percentile. */
  readonly low: number
  readonly high: number
  /** How many forecasts of the past were compared. */
  readonly points: number
}

const fewestPoints = 20

/** Forecasts of the past against what then came; null while there are too few to say anything. */
export function testForecaster(forecaster: Forecaster, series: Series): PastErrors | null {
  const { stepMs, fromMs, amounts } = series
  const endMs = fromMs + (amounts.length - 1) * stepMs
  const ratios: number[] = []
  for (let atMs = fromMs + stepMs; atMs + forecaster.horizonMs <= endMs; atMs += stepMs) {
    const forecast = (forecaster.rateAt(series, atMs) * forecaster.horizonMs) / minuteMs
    if (forecast <= 0) continue
    let came = 0
    forEachStep(series, { fromMs: atMs, toMs: atMs + forecaster.horizonMs }, (amount) => (came += amount))
    ratios.push(came / forecast)
  }
  if (ratios.length < fewestPoints) return null
  ratios.sort((a, b) => a - b)
  return { low: quantile(ratios, 0.1), high: quantile(ratios, 0.9), points: ratios.length }
}

const quantile = (sorted: readonly number[], share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0

export interface Exhaustion {
  /** At the present pace; null = not before the window resets. */
  readonly at: number | null
  /** Where the past errors put it: not before, and not after (null = perhaps not before the reset). */
  readonly earliest: number | null
  readonly latest: number | null
}

/** When the rest of a window is used up. Times in milliseconds; what lies behind the reset does not happen. */
export function forecastExhaustion(
  { left, perMinute }: { left: number; perMinute: number },
  errors: PastErrors | null,
  { nowMs, resetMs }: { nowMs: number; resetMs: number },
): Exhaustion {
  const reachedAt = (factor: number) => {
    const pace = perMinute * factor
    const atMs = left <= 0 ? nowMs : pace > 0 ? nowMs + (left / pace) * minuteMs : Number.POSITIVE_INFINITY
    return atMs < resetMs ? Math.round(atMs) : null
  }
  return {
    at: reachedAt(1),
    earliest: errors && reachedAt(errors.high),
    latest: errors && reachedAt(errors.low),
  }
}
