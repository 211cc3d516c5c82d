import { formatPercent } from '@/lib/format'
import type { AccountRow } from './account-status'

/** How much of each window of a plan is used, as the upstream said last. */
export function WindowBars({ windows }: { windows: AccountRow['windows'] }) {
  if (windows.length === 0) return <span className="text-muted">–</span>
  return (
    <span className="inline-grid grid-cols-[auto_4rem_auto] items-center gap-x-2 gap-y-1">
      {windows.map(({ window, utilization }) => (
        <span key={window} className="contents">
          <span className="text-muted">{window}</span>
          <span className="h-1.5 overflow-hidden rounded-full bg-subtle" aria-hidden>
            <span
              className={`block h-full ${toneOf(utilization)}`}
              style={{ width: `${Math.min(100, utilization * 100)}%` }}
            />
          </span>
          <span className="numeric">{formatPercent(utilization)}</span>
        </span>
      ))}
    </span>
  )
}

function toneOf(utilization: number): string {
  if (utilization >= 0.95) return 'bg-danger'
  return utilization >= 0.75 ? 'bg-warn' : 'bg-chart-1'
}
