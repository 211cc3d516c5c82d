'use client'

import useSWR from 'swr'
import { fetchJson, sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { toast } from '@/components/ui/toast'
import type { Sent } from '@/lib/sent'
import { formatCostUsd, formatExact, formatTime } from '@/lib/format'
import type { ListedRerate } from '@/lib/usage/rerates'

type Run = Sent<ListedRerate>

const looks = { running: 'pending', done: 'ok', failed: 'danger', interrupted: 'warn' } as const

/** Runs that priced recorded requests again, and a button for one more. */
export function RerateList({ period, mayWrite }: { period: { from: string; to: string }; mayWrite: boolean }) {
  const { data, mutate } = useSWR<{ rerates: readonly Run[] }, Error>('/api/usage/rerates', fetchJson, {
    refreshInterval: (known) => (known?.rerates.some(({ status }) => status === 'running') ? 1_000 : 0),
  })
  async function start() {
    try {
      await sendJson('/api/usage/rerates', { method: 'POST', body: { from: period.from, to: period.to } })
      await mutate()
    } catch (error) {
      toast.failure(error)
    }
  }
  return (
    <div className="flex flex-col gap-3">
      {mayWrite && (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={() => void start()}>Price the shown period again</Button>
          <span className="text-body text-muted">
            {formatTime(period.from, 'UTC', 'short')} to {formatTime(period.to, 'UTC', 'short')} UTC, all models
          </span>
        </div>
      )}
      <ul className="flex flex-col gap-2">
        {data?.rerates.slice(0, 5).map((run) => (
          <li key={run.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-body">
            <StatusPill status={looks[run.status]}>{run.status}</StatusPill>
            <span>{run.model ?? 'all models'}</span>
            <span className="text-secondary numeric">
              {formatExact(run.changedRequests)} of {formatExact(run.requests)} changed, difference{' '}
              {differenceText(run.differenceUsd)}
            </span>
            <span className="text-muted">
              by {run.startedBy}, <RelativeTime at={run.startedAt} />
            </span>
            {run.error && <span className="text-danger">{run.error}</span>}
          </li>
        ))}
        {data?.rerates.length === 0 && <li className="text-body text-muted">No request was ever priced again.</li>}
      </ul>
    </div>
  )
}

function differenceText(usd: string): string {
  return usd.startsWith('-') ? formatCostUsd(usd) : `+${formatCostUsd(usd)}`
}
