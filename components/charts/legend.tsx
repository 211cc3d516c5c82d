import type { BarSeries } from './time-bars'

interface LegendProps {
  series: readonly BarSeries[]
  hasIncomplete: boolean
  hasMissing: boolean
}

/** What each colour and look means. */
export function Legend({ series, hasIncomplete, hasMissing }: LegendProps) {
  return (
    <ul className="mb-2 flex min-w-0 flex-wrap gap-x-4 gap-y-1 text-table text-secondary">
      {series.map((one) => (
        <li key={one.key} className="flex max-w-full items-center gap-1.5">
          <Swatch part={one} />
          <span className="min-w-0 wrap-anywhere">{one.name}</span>
        </li>
      ))}
      {hasIncomplete && <li className="text-muted">lighter: not a whole bucket</li>}
      {hasMissing && <li className="text-muted">hatched: before the recording began</li>}
    </ul>
  )
}

function Swatch({ part }: { part: BarSeries }) {
  if (part.look === undefined || part.look === 'bar') {
    return <span className="size-2.5 shrink-0 rounded-[2px]" style={{ background: part.color }} aria-hidden />
  }
  const style = part.look === 'dashed' ? 'dashed' : 'solid'
  return <span className="w-4 shrink-0" style={{ borderTop: `2px ${style} ${part.color}` }} aria-hidden />
}
