import { ShareBar } from '@/components/ui/share-bar'
import { toneOf } from '@/components/windows/prepare-window'
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
          <ShareBar share={utilization} tone={toneOf(utilization)} />
          <span className="numeric">{formatPercent(utilization)}</span>
        </span>
      ))}
    </span>
  )
}
