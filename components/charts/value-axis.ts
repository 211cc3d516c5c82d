import type { BarSeries, TimeBar } from './time-bars'

/** What is marked on the axis of values. */
interface ValueAxis {
  readonly ticks: readonly number[]
  readonly domain: readonly [number, number]
}

const mostSteps = 4

/** Parts are stacked bars unless they say otherwise. */
export const isStacked = ({ look }: BarSeries) => look === undefined || look === 'bar'

/** How the values of a chart are marked: in round steps, never by numbers that nothing can have, or by two that read alike. Pure. */
export function chooseValueAxis(
  series: readonly BarSeries[],
  bars: readonly TimeBar[],
  formatValue: (value: number) => string,
): ValueAxis {
  const top = Math.max(0, ...bars.map((bar) => topOf(bar, series)))
  if (top === 0) return { ticks: [0], domain: [0, 1] }
  const isWhole = bars.every((bar) => series.every(({ key }) => Number.isInteger(bar.values[key] ?? 0)))
  const step = roundStep(top / mostSteps)
  const { ticks, domain } = axisOf(top, isWhole ? Math.ceil(step) : step)
  const words = new Set(ticks.map(formatValue))
  return { ticks: words.size < ticks.length ? domain : ticks, domain }
}

/** 1, 2, 2.5 or 5 with as many zeros as it takes. */
function roundStep(least: number): number {
  const zeros = 10 ** Math.floor(Math.log10(least))
  return zeros * ([1, 2, 2.5, 5].find((factor) => factor * zeros >= least * (1 - 1e-9)) ?? 10)
}

/** Bytes are written by 1024, so they are marked by it: 256 KB, 512 KB, … and not 244.1 KB, 488.3 KB. Pure. */
export function chooseByteAxis(series: readonly BarSeries[], bars: readonly TimeBar[]): ValueAxis {
  const top = Math.max(1, ...bars.map((bar) => topOf(bar, series)))
  return axisOf(top, 2 ** Math.max(0, Math.ceil(Math.log2(top / mostSteps))))
}

function axisOf(top: number, step: number): ValueAxis {
  const steps = Math.ceil(top / step - 1e-9)
  // Twelve digits: 3 × 0.1 is 0.3 here.
  const ticks = Array.from({ length: steps + 1 }, (_none, index) => Number((index * step).toPrecision(12)))
  return { ticks, domain: [0, ticks.at(-1) ?? step] }
}

const number = /^(\D*)(\d+)(?:\.(\d+))?(\D*)$/

/** The marks in words, each with the decimals of its unit's longest: $0.0050 below $0.0100, not below $0.01. Pure. */
export function writeTicks(ticks: readonly number[], formatValue: (value: number) => string): string[] {
  const words = ticks.map((tick) => (tick === 0 ? null : number.exec(formatValue(tick))))
  return ticks.map((tick, index) => {
    const [, before = '', whole = '', , unit] = words[index] ?? []
    const longest = Math.max(...words.map((word) => (word?.[4] === unit ? (word?.[3] ?? '').length : 0)))
    if (unit === undefined || longest === 0) return formatValue(tick)
    return `${before}${whole}.${(words[index]?.[3] ?? '').padEnd(longest, '0')}${unit}`
  })
}

/** How high a bar with its lines reaches. */
function topOf({ values }: TimeBar, series: readonly BarSeries[]): number {
  const stacked = series.filter(isStacked).reduce((sum, { key }) => sum + (values[key] ?? 0), 0)
  return Math.max(stacked, ...series.filter((one) => !isStacked(one)).map(({ key }) => values[key] ?? 0))
}
