import type { BarSeries, TimeBar } from './time-bars'

interface ValueAxis {
  /** Between whole numbers there may be nothing. */
  readonly allowDecimals: boolean
  readonly tickCount: number
}

const usualTicks = 5

/** Parts are stacked bars unless they say otherwise. */
export const isStacked = ({ look }: BarSeries) => look === undefined || look === 'bar'

/** How the values of a chart are marked: never by numbers that nothing can have, or by two that read alike. Pure. */
export function chooseValueAxis(
  series: readonly BarSeries[],
  bars: readonly TimeBar[],
  formatValue: (value: number) => string,
): ValueAxis {
  const values = bars.flatMap((bar) => series.map(({ key }) => bar.values[key] ?? 0))
  const top = Math.max(0, ...bars.map((bar) => topOf(bar, series)))
  const words = Array.from({ length: usualTicks }, (_none, step) => formatValue((top * step) / (usualTicks - 1)))
  return {
    allowDecimals: !values.every(Number.isInteger),
    tickCount: top > 0 && new Set(words).size < usualTicks ? 2 : usualTicks,
  }
}

interface ByteAxis {
  readonly ticks: readonly number[]
  readonly domain: readonly [number, number]
}

/** Bytes are written by 1024, so they are marked by it: 256 KB, 512 KB, … and not 244.1 KB, 488.3 KB. Pure. */
export function chooseByteAxis(series: readonly BarSeries[], bars: readonly TimeBar[]): ByteAxis {
  const top = Math.max(1, ...bars.map((bar) => topOf(bar, series)))
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(top / (usualTicks - 1))))
  const ticks = Array.from({ length: Math.ceil(top / step) + 1 }, (_none, index) => index * step)
  return { ticks, domain: [0, ticks.at(-1) ?? step] }
}

/** How high a bar with its lines reaches. */
function topOf({ values }: TimeBar, series: readonly BarSeries[]): number {
  const stacked = series.filter(isStacked).reduce((sum, { key }) => sum + (values[key] ?? 0), 0)
  return Math.max(stacked, ...series.filter((one) => !isStacked(one)).map(({ key }) => values[key] ?? 0))
}
