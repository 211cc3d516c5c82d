import { partText, type BarSeries, type TimeBar } from './time-bars'

interface BarTooltipProps {
  series: readonly BarSeries[]
  formatValue: (value: number) => string
  /** Given by the chart. */
  active?: boolean
  payload?: readonly { payload?: unknown }[]
}

/** The figures of the bar under the pointer. */
export function BarTooltip({ series, formatValue, active, payload }: BarTooltipProps) {
  const bar = payload?.[0]?.payload as TimeBar | undefined
  if (!active || !bar) return null
  return (
    <div className="rounded-card border border-line bg-panel p-2 text-table shadow-overlay">
      <p className="mb-1 font-semibold">
        {bar.fullLabel}
        {bar.isIncomplete && <span className="font-normal text-muted"> (not whole)</span>}
      </p>
      {bar.isMissing ? (
        <p className="text-muted">Before the recording began</p>
      ) : (
        <ul>
          {[...series].reverse().map((one) => (
            <li key={one.key} className="flex items-center gap-1.5">
              <span className="size-2 rounded-[2px]" style={{ background: one.color }} aria-hidden />
              <span className="text-secondary">{one.name}</span>
              <span className="ml-auto pl-4 numeric">{partText(bar, one, formatValue)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
