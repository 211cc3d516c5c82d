import type { BarSeries } from './time-bars'

interface LegendProps {
  series: readonly BarSeries[]
  hasIncomplete: boolean
  hasMissing: boolean
}

/** What each colour and look means. */
export function Legend({ series, hasIncomplete, hasMissing }: LegendProps) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-table text-secondary">
      {series.map((one) => (
        <li key={one.key} className="flex items-center gap-1.5">
          <span className="size-2.5 rounded-[2px]" style={{ background: one.color }} aria-hidden />
          {one.name}
        </li>
      ))}
      {hasIncomplete && <li className="text-muted">lighter: not a whole bucket</li>}
      {hasMissing && <li className="text-muted">hatched: before the recording began</li>}
    </ul>
  )
}
